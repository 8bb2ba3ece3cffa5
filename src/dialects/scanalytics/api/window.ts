import { fail, ok, type Result } from '../../../domain/result.ts';
import { DAY_MS } from '../../../domain/time/durations.ts';
import { epochMs, WRITABLE, type EpochMs, type TimeRange, type ZoneId } from '../../../domain/time/instant.ts';
import { parseLocalOrOffset } from '../../../domain/time/local-text.ts';
import { parseZone } from '../../../domain/time/zones.ts';
import type { Form } from '../form.ts';

export interface Window {
  readonly range: TimeRange;
  readonly zone: ZoneId;
}

/** What a `+` before an offset becomes in a query that was not encoded. */
const LOST_PLUS = /^(\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?) (\d\d:\d\d)$/;

/**
 * `start`, `end` and `timezone` (contract 7.2). Times without offset are local in `timezone`, whose default is the
 * caller's zone; `end` is now and `start` a day before it where they are absent.
 */
export function parseWindow(query: Form, defaults: { readonly zone: ZoneId; readonly now: EpochMs }): Result<Window> {
  for (const name of ['start', 'end', 'timezone']) {
    if (query.isRepeated(name)) return fail({ kind: 'invalid_field', field: name, reason: 'was sent twice' });
  }
  const named = query.get('timezone');
  // No zone has a blank in its name, so one was a plus: Etc/GMT+5.
  const zone = named === null ? defaults.zone : parseZone(named.replaceAll(' ', '+'));
  if (zone === null) return fail({ kind: 'invalid_field', field: 'timezone', reason: 'has to be an IANA time zone' });

  const to = instantIn(query, 'end', zone);
  if (!to.ok) return to;
  const end = to.value ?? defaults.now;
  const from = instantIn(query, 'start', zone);
  if (!from.ok) return from;
  const start = from.value ?? epochMs(end - DAY_MS);
  if (start >= end) return fail({ kind: 'invalid_field', field: 'start', reason: 'has to lie before end' });
  return ok({ range: { from: start, to: end }, zone });
}

function instantIn(query: Form, field: 'start' | 'end', zone: ZoneId): Result<EpochMs | null> {
  const text = query.get(field);
  if (text === null) return ok(null);
  const at = parseLocalOrOffset(text.replace(LOST_PLUS, '$1+$2'), zone);
  if (at === null || at < WRITABLE.from || at > WRITABLE.to) {
    const reason = 'has to be YYYY-MM-DD or YYYY-MM-DDTHH:MM, with :SS and an offset if you like';
    return fail({ kind: 'invalid_field', field, reason });
  }
  return ok(at);
}
