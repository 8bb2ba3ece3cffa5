import { hash } from 'node:crypto';
import { text, type Parameters } from './parameters.ts';

/** The texts that a checksum may cover, as they travelled. */
export interface SignedTexts {
  readonly query: string;
  /** Null where there is none to cover: no body, or a JSON one. */
  readonly body: string | null;
}

export type ChecksumProblem = 'Request does not have checksum' | 'Request does not match checksum';

const ALGORITHMS = { checksum256: 'sha256', checksum: 'sha1' } as const;

/**
 * Holds a request against the salt of its app (contract 2.8): `checksum256`, else `checksum`, has to be the digest of
 * the query or of the form, without that pair, and the salt behind it. Null when it is, or the app has no salt.
 */
export function checksumProblem(
  parameters: Parameters,
  signed: SignedTexts,
  salt: string | null,
): ChecksumProblem | null {
  if (salt === null || salt === '') return null;
  const name = text(parameters, 'checksum256') === '' ? 'checksum' : 'checksum256';
  const given = text(parameters, name).toLowerCase();
  if (given === '') return 'Request does not have checksum';
  const texts = signed.body === null ? [signed.query] : [signed.query, signed.body];
  const matches = texts.some((one) => hash(ALGORITHMS[name], withoutPair(one, name) + salt, 'hex') === given);
  return matches ? null : 'Request does not match checksum';
}

function withoutPair(signed: string, name: keyof typeof ALGORITHMS): string {
  const start = signed.startsWith(`${name}=`) ? 0 : signed.indexOf(`&${name}=`);
  if (start === -1) return signed;
  const end = signed.indexOf('&', start + 1);
  if (end === -1) return signed.slice(0, start);
  return start === 0 ? signed.slice(end + 1) : signed.slice(0, start) + signed.slice(end);
}
