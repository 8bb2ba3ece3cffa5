/** What an app is where nobody says (contract 5). */
export const APP_DEFAULTS = { country: 'US', category: '6', timezone: 'UTC' } as const;
