import { hash } from 'node:crypto';

/**
 * Keys of claims are hashed to a fixed size: callers choose ids of any length, and the index stays small. 132 bits
 * make an accidental match of two different keys a non-event.
 */
export function claimKey(text: string): string {
  return hash('sha256', text, 'base64url').slice(0, 22);
}
