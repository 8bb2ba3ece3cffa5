import { hash, randomBytes, randomInt } from 'node:crypto';

/**
 * Digest under which a random token is stored and looked up: SHA-256, hex. Enough for tokens, which are long and
 * random (passwords go through argon2id). Because the look-up compares digests and not the secret's own characters,
 * the time it takes tells nothing about the secret. The digest itself, presented as a token, finds nothing.
 */
export function tokenDigest(token: string): string {
  return hash('sha256', token, 'hex');
}

/** `bytes` random bytes from the secure source, as twice as many lower-case hex digits. */
export function randomHex(bytes: number): string {
  return randomBytes(bytes).toString('hex');
}

/** `length` characters drawn evenly from `alphabet` (secure source). */
export function randomText(length: number, alphabet: string): string {
  let text = '';
  for (let i = 0; i < length; i++) text += alphabet.charAt(randomInt(alphabet.length));
  return text;
}

const WITHOUT_LOOKALIKES = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';

/** A password to be shown once: 20 characters, about 116 bits. */
export function randomPassword(): string {
  return randomText(20, WITHOUT_LOOKALIKES);
}
