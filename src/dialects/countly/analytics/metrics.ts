import type { ValueKind } from '../../../queries/audience/value-kind.ts';

/** What clients call the values that sessions carry (contract 3.9, 4.3). */
const KINDS: Readonly<Record<string, ValueKind>> = {
  platforms: 'os',
  os: 'os',
  os_versions: 'os_version',
  devices: 'model',
  resolutions: 'resolution',
  carriers: 'carrier',
  app_versions: 'app_version',
  countries: 'country',
  cities: 'city',
};

export function valueKindOf(metric: string): ValueKind | null {
  return Object.hasOwn(KINDS, metric) ? (KINDS[metric] ?? null) : null;
}

/** A value as it is shown; only of countries one may be unknown. */
export function valueName(value: string): string {
  return value === '' ? 'Unknown' : value;
}
