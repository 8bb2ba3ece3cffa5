import { randomHex } from '../secrets/tokens.ts';
import { text, value, type ValueField } from './field.ts';

/** Ids and keys that travel in URLs. */
export const NAME = { pattern: /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, accepts: 'letters, digits and . _ - (at most 64)' };

/** `blt` and 16 hex digits when it is made here; any name when it is given. */
export function uid(column: string): ValueField {
  return text(column, { ...NAME, initial: () => `blt${randomHex(8)}` });
}

/** 24 hex digits that are never written in the file. */
export function hexId(column: string): ValueField {
  return value(column, null, { initial: () => randomHex(12) });
}
