import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../domain/time/durations.ts';

const LAST = /^([1-9][0-9]{0,8})(s|m|h|d)$/;

const UNIT_MS: Readonly<Record<string, number>> = { s: SECOND_MS, m: MINUTE_MS, h: HOUR_MS, d: DAY_MS };

/** The accepted form in words, for messages. */
export const LAST_FORM = 'has to be a whole number and one of s, m, h, d, e.g. "24h"';

/**
 * Length in milliseconds of a period such as `24h`, `180m`, `113000s`, `120d`; null when the text is anything else. A day
 * is 86,400 s whatever the clocks do (contract 5.2).
 */
export function parseLast(text: string): number | null {
  const match = LAST.exec(text);
  const unitMs = UNIT_MS[match?.[2] ?? ''];
  return unitMs === undefined ? null : Number(match?.[1]) * unitMs;
}
