import { parseRfc3339 } from '../../domain/time/rfc3339.ts';
import { epochMs, type EpochMs, type TimeRange } from '../../domain/time/instant.ts';
import { DAY_MS } from '../../domain/time/durations.ts';
import { LAST_FORM, parseLast } from './last.ts';
import type { Params } from './params.ts';

const DEFAULT_LAST_MS = DAY_MS;
const START_OF_1970 = epochMs(0);
const TIMESTAMP_FORM = 'has to be an RFC 3339 time with offset, e.g. "2014-03-27T00:00:00.000-00:00"';

/**
 * The window that `last`, `start` and `end` ask for, half-open (contract 5.1 to 5.3): `last` wins over the others, a
 * start after the end is swapped with it, a missing end is `now`, and nothing at all is the last 24 hours. Faults are
 * left in `params`; the window is then of no use.
 */
export function readWindow(params: Params, now: EpochMs): TimeRange {
  if (params.has('last')) return lastUntil(now, readLast(params));
  if (params.has('start')) {
    const start = readInstant(params, 'start') ?? now;
    const end = params.has('end') ? (readInstant(params, 'end') ?? now) : now;
    return start <= end ? { from: start, to: end } : { from: end, to: start };
  }
  if (params.has('end')) {
    readInstant(params, 'end');
    params.miss('start');
  }
  return lastUntil(now, DEFAULT_LAST_MS);
}

function lastUntil(now: EpochMs, lengthMs: number): TimeRange {
  return { from: epochMs(Math.min(now, Math.max(START_OF_1970, now - lengthMs))), to: now };
}

function readLast(params: Params): number {
  const text = params.text('last');
  const lengthMs = text === null ? null : parseLast(text);
  if (text !== null && lengthMs === null) params.refuse('last', LAST_FORM);
  return lengthMs ?? DEFAULT_LAST_MS;
}

function readInstant(params: Params, name: 'start' | 'end'): EpochMs | null {
  const text = params.text(name);
  const instant = text === null ? null : parseRfc3339(text);
  if (text !== null && instant === null) params.refuse(name, TIMESTAMP_FORM);
  return instant;
}
