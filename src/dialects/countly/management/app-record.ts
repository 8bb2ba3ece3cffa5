import type { App } from '../../../directory/apps.ts';

/** An app as `/o/apps` shows it (contract 5). */
export interface AppRecord {
  readonly _id: string;
  readonly name: string;
  readonly key: string;
  readonly country: string;
  readonly category: string;
  readonly timezone: string;
}

/** What an app is where nobody says (contract 5). */
export const DEFAULTS = { country: 'US', category: '6', timezone: 'UTC' } as const;

export function appRecord(app: App): AppRecord {
  return {
    _id: app.id,
    name: app.name,
    key: app.key(),
    country: app.country ?? DEFAULTS.country,
    category: app.category ?? DEFAULTS.category,
    timezone: app.zone,
  };
}

/** By id, as one object. */
export function appRecords(apps: readonly App[]): Readonly<Record<string, AppRecord>> {
  return Object.fromEntries(apps.map((app) => [app.id, appRecord(app)]));
}
