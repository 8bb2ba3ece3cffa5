import type { App } from '../../../directory/apps.ts';
import { APP_DEFAULTS } from '../app-defaults.ts';
import type { Geo } from '../geo/geo.ts';
import type { Call } from '../transport/call.ts';
import { text, type Parameters } from '../transport/parameters.ts';
import { valueText } from './text-values.ts';

/** Where a session began; absent when nobody knows (contract 2.6). */
export interface SessionPlace {
  readonly country?: string;
  /** Only of the app's own country. */
  readonly city?: string;
}

const COUNTRY = /^[A-Z]{2}$/;

/** @param caller whose address tells, of requests that do not say where they come from */
export function placeOf(parameters: Parameters, app: App, geo: Geo, caller: Pick<Call, 'address'>): SessionPlace {
  // Sent empty, it says that the user does not want to be found.
  if (parameters.has('location') && text(parameters, 'location') === '') return {};
  const sent = text(parameters, 'country_code').toUpperCase();
  const found = COUNTRY.test(sent) ? null : located(parameters, geo, caller);
  const country = found === null ? sent : found.country;
  if (country === null) return {};
  const city = valueText(parameters.get('city')) ?? found?.city ?? null;
  const isOwn = country === (app.country ?? APP_DEFAULTS.country);
  return { country, ...(city !== null && isOwn ? { city } : {}) };
}

function located(parameters: Parameters, geo: Geo, caller: Pick<Call, 'address'>): ReturnType<Geo['locate']> {
  const told = geo.locate(text(parameters, 'ip_address'));
  return told.country === null ? geo.locate(caller.address) : told;
}
