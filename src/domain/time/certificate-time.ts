import { epochMs, type EpochMs } from './instant.ts';

/** Reads the times of X.509 certificates as the crypto library writes them: `Nov 21 22:08:04 2027 GMT`. */
export function parseCertificateTime(text: string): EpochMs {
  const value = Date.parse(text);
  if (Number.isNaN(value)) throw new RangeError(`not the time of a certificate: ${text}`);
  return epochMs(value);
}
