import { createHmac, timingSafeEqual } from 'node:crypto';
import type { EpochMs } from '../domain/time/instant.ts';

const STEP_MS = 30_000;
const DIGITS = 6;
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/**
 * Checks a one-time code (RFC 6238: SHA-1, 30 s, 6 digits) against the step of `at` and the one before and after it.
 * Returns the step the code belongs to, null when it is wrong. The caller refuses a step that was used before.
 *
 * @param secret Base32 as authenticator programs show it: blanks, dashes and small letters are allowed.
 */
export function totpStep(secret: string, code: string, at: EpochMs): number | null {
  if (!/^\d{6}$/.test(code)) return null;
  const key = decodeBase32(secret);
  const given = Buffer.from(code);
  const now = Math.floor(at / STEP_MS);
  let found: number | null = null;
  // All three are computed whatever the first gives, and the newest match wins.
  for (const step of [now - 1, now, now + 1]) {
    if (step >= 0 && timingSafeEqual(Buffer.from(codeOf(key, step)), given)) found = step;
  }
  return found;
}

/** The code of the step that holds `at`. */
export function totpCode(secret: string, at: EpochMs): string {
  return codeOf(decodeBase32(secret), Math.floor(at / STEP_MS));
}

function codeOf(key: Buffer, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const digest = createHmac('sha1', key).update(counter).digest();
  const offset = (digest.at(-1) ?? 0) & 0x0f;
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 10 ** DIGITS).padStart(DIGITS, '0');
}

function normalized(secret: string): string {
  return secret.replace(/[\s=-]/g, '').toUpperCase();
}

function decodeBase32(secret: string): Buffer {
  const bytes: number[] = [];
  let bits = 0;
  let pending = 0;
  for (const character of normalized(secret)) {
    pending = ((pending << 5) | BASE32.indexOf(character)) & 0xfff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((pending >> bits) & 0xff);
    }
  }
  return Buffer.from(bytes);
}
