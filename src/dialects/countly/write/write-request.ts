import type { App } from '../../../directory/apps.ts';
import type { EpochMs } from '../../../domain/time/instant.ts';
import type { Geo } from '../geo/geo.ts';
import type { Call } from '../transport/call.ts';
import { isObject, jsonOf, text, type Parameters } from '../transport/parameters.ts';
import { eventsOf, type SentEvent } from './events.ts';
import { fingerprintOf } from './fingerprint.ts';
import { metricsOf, otherMetrics, type Metrics } from './metrics.ts';
import { momentOf } from './moment.ts';
import { placeOf, type SessionPlace } from './place.ts';
import { cut, flagOf, jsonText, wellFormed } from './text-values.ts';

/** A request to `/i` or an item of `/i/bulk`, understood (contract 2.1). */
export interface WriteRequest {
  readonly app: App;
  readonly device: string;
  /** Null when it names none, or the same. */
  readonly oldDevice: string | null;
  readonly arrival: EpochMs;
  /** Its own time, or that of its arrival. */
  readonly at: EpochMs;
  /** Null for requests without a time: of these, two equal ones are two. */
  readonly fingerprint: string | null;
  readonly begins: boolean;
  readonly ends: boolean;
  readonly seconds: number;
  readonly ignoresCooldown: boolean;
  /** What the session that it begins carries. */
  readonly carried: Metrics & SessionPlace;
  /** JSON of what is kept and not counted; null when there is nothing. */
  readonly details: string | null;
  readonly events: readonly SentEvent[];
  /** Parameters that hold no JSON of the right kind. */
  readonly invalid: readonly ('events' | 'metrics')[];
}

export interface Reader {
  readonly geo: Geo;
  readonly maxSessionSeconds: number;
}

const MAX_DEVICE_ID = 512;
const MAX_DETAILS_BYTES = 65_536;
/** Kept as they came, for whoever looks at the rows. */
const KEPT = ['sdk_name', 'sdk_version', 'hour', 'dow', 'tz', 'av', 't', 'location'];

const NOTHING = {};
const ALL_VALID: WriteRequest['invalid'] = [];

/** @param sent.arrival when it came */
export function readWrite(
  { geo, maxSessionSeconds }: Reader,
  sent: {
    readonly app: App;
    readonly parameters: Parameters;
    readonly caller: Pick<Call, 'address'>;
    readonly arrival: EpochMs;
  },
): WriteRequest {
  const { app, parameters, caller, arrival } = sent;
  const device = deviceOf(text(parameters, 'device_id'));
  const oldDevice = deviceOf(text(parameters, 'old_device_id'));
  const told = momentOf(parameters.get('timestamp'), arrival);
  const at = told ?? arrival;
  const begins = flagOf(parameters.get('begin_session'));
  const metrics = jsonOf(parameters, 'metrics');
  const sentMetrics = metrics.kind === 'value' && isObject(metrics.value) ? metrics.value : null;
  const events = jsonOf(parameters, 'events');
  const elements = events.kind === 'value' && Array.isArray(events.value) ? (events.value as unknown[]) : null;
  return {
    app,
    device,
    oldDevice: oldDevice === '' || oldDevice === device ? null : oldDevice,
    arrival,
    at,
    fingerprint: told === null ? null : fingerprintOf(parameters),
    begins,
    ends: flagOf(parameters.get('end_session')),
    seconds: secondsOf(text(parameters, 'session_duration'), maxSessionSeconds),
    ignoresCooldown: flagOf(parameters.get('ignore_cooldown')),
    carried: begins ? { ...placeOf(parameters, app, geo, caller), ...metricsOf(sentMetrics ?? {}) } : NOTHING,
    details: detailsOf(parameters, sentMetrics),
    events: eventsOf(elements ?? [], { at, arrival }),
    invalid: invalidOf(
      events.kind !== 'absent' && elements === null,
      metrics.kind !== 'absent' && sentMetrics === null,
    ),
  };
}

function invalidOf(events: boolean, metrics: boolean): WriteRequest['invalid'] {
  if (!events && !metrics) return ALL_VALID;
  return [...(events ? (['events'] as const) : []), ...(metrics ? (['metrics'] as const) : [])];
}

function deviceOf(id: string): string {
  return cut(wellFormed(id), MAX_DEVICE_ID);
}

/** A leading integer; what is no number, or not positive, counts nothing. */
function secondsOf(sent: string, most: number): number {
  const seconds = Number.parseInt(sent, 10);
  return seconds > 0 ? Math.min(seconds, most) : 0;
}

function detailsOf(parameters: Parameters, metrics: Readonly<Record<string, unknown>> | null): string | null {
  const kept: Record<string, unknown> = {};
  for (const name of KEPT) {
    const value = text(parameters, name);
    if (value !== '') kept[name] = cut(value, MAX_DEVICE_ID);
  }
  const properties = jsonOf(parameters, 'user_details');
  if (properties.kind === 'value' && isObject(properties.value)) kept['user_details'] = properties.value;
  if (metrics !== null) {
    const others = otherMetrics(metrics);
    if (Object.keys(others).length > 0) kept['metrics'] = others;
  }
  const json = jsonText(kept);
  return json === null || json === '{}' || Buffer.byteLength(json) > MAX_DETAILS_BYTES ? null : json;
}
