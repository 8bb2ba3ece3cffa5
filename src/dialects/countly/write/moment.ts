import { epochMs, type EpochMs } from '../../../domain/time/instant.ts';

/** Ten digits are seconds, with a fraction or without; thirteen are milliseconds (contract 2.5). */
const SECONDS = /^\d{10}(\.\d+)?$/;
const MILLISECONDS = /^\d{13}$/;

/** The instant a `timestamp` says; null when it says none. A future one becomes the time of arrival. */
export function momentOf(timestamp: unknown, arrival: EpochMs): EpochMs | null {
  if (typeof timestamp !== 'string' && typeof timestamp !== 'number') return null;
  const text = String(timestamp).trim();
  if (MILLISECONDS.test(text)) return epochMs(Math.min(Number(text), arrival));
  if (SECONDS.test(text)) return epochMs(Math.min(Math.round(Number(text) * 1000), arrival));
  return null;
}
