import type { App } from '../../../directory/apps.ts';
import { APP_DEFAULTS } from '../app-defaults.ts';

/** An app as `/o/apps` shows it (contract 5). */
export interface AppRecord {
  readonly _id: string;
  readonly name: string;
  readonly key: string;
  readonly country: string;
  readonly category: string;
  readonly timezone: string;
}

export function appRecord(app: App): AppRecord {
  return {
    _id: app.id,
    name: app.name,
    key: app.key(),
    country: app.country ?? APP_DEFAULTS.country,
    category: app.category ?? APP_DEFAULTS.category,
    timezone: app.zone,
  };
}

/** By id, as one object. */
export function appRecords(apps: readonly App[]): Readonly<Record<string, AppRecord>> {
  return Object.fromEntries(apps.map((app) => [app.id, appRecord(app)]));
}
