import { integerSetting, setting, switchSetting } from '../../config/setting.ts';

/** Who may call from a web page of another origin. */
export type AllowedOrigins = 'all' | ReadonlySet<string>;

export const settings = {
  rate: integerSetting({
    variable: 'TALLYHOUSE_TR50_RATE',
    description: 'TR50 commands an organization may send in a second; 0 for no limit.',
    min: 0,
    max: 1_000_000,
    default: 0,
  }),
  selfMetering: switchSetting({
    variable: 'TALLYHOUSE_TR50_SELF_METERING',
    description: 'Count the TR50 commands that are answered here as calls of their organization.',
    default: false,
  }),
  origins: setting<AllowedOrigins>({
    variable: 'TALLYHOUSE_TR50_ORIGINS',
    description: 'Web pages that may call the TR50 API (CORS). Unset: none.',
    accepts: '*, or a comma list of origins, e.g. https://portal.example.org',
    default: '',
    parse: parseOrigins,
  }),
};

function parseOrigins(text: string): AllowedOrigins | undefined {
  if (text === '*') return 'all';
  const origins = text.split(',').filter((origin) => origin !== '');
  return origins.every((origin) => /^https?:\/\/[^/\s]+$/.test(origin)) ? new Set(origins) : undefined;
}
