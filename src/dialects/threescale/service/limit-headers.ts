import { SECOND_MS } from '../../../domain/time/durations.ts';
import { PERIODS, periodEnd } from '../../../domain/time/utc-periods.ts';
import type { EpochMs } from '../../../domain/time/instant.ts';
import type { LimitReading } from '../../../metering/metering.ts';
import { currentValue, type Status } from './status-xml.ts';

/** How many more calls like this one are allowed; -1 when this limit does not hold them back. */
function sameCallsLeft(status: Status, reading: LimitReading): number {
  const remaining = reading.max - currentValue(status, reading);
  if (remaining <= 0) return 0;
  return reading.charge > 0 ? Math.floor(remaining / reading.charge) : -1;
}

/**
 * The scarcest limit, as headers (contract 5.6, appendix B 11); of equally scarce ones that of the longest period.
 *
 * @param named ids of the metrics that the call names, with their ancestors; null when it names none
 */
export function limitHeaders(
  status: Status,
  named: ReadonlySet<number> | null,
  now: EpochMs,
): Readonly<Record<string, string>> {
  const asked = status.readings.filter(({ metric }) => named === null || named.has(metric.id));
  const [scarcest] = asked
    .map((reading) => ({ reading, left: sameCallsLeft(status, reading) }))
    .filter(({ left }) => left >= 0)
    .sort((a, b) => a.left - b.left || PERIODS.indexOf(a.reading.period) - PERIODS.indexOf(b.reading.period));
  if (scarcest === undefined) return { '3scale-limit-remaining': '-1', '3scale-limit-reset': '-1' };
  const { period, max } = scarcest.reading;
  const reset = period === 'eternity' ? -1 : Math.ceil((periodEnd(period, status.at) - now) / SECOND_MS);
  return {
    '3scale-limit-remaining': String(scarcest.left),
    '3scale-limit-reset': String(reset),
    '3scale-limit-max-value': String(max),
  };
}
