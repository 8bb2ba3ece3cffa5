import { givenText } from '../kinds/field.ts';
import { tokenDigest } from '../secrets/tokens.ts';
import type { PlannedEntry } from './planned-entry.ts';

/** Puts into columns what the file says about the entry, except what it refers to. */
export function setGivenColumns(entry: PlannedEntry): void {
  const { kind, source, columns } = entry;
  for (const [column, ancestor] of Object.entries(kind.ancestors)) {
    const around = entry.parent?.within(ancestor);
    if (around !== undefined && around !== null) columns.set(column, around.key);
  }
  for (const [column, value] of Object.entries({ ...kind.fixed, ...source.columns })) columns.set(column, value);
  for (const [name, given] of source.given) {
    const field = kind.fields[name];
    if (field === undefined || (given === null && !field.nullable)) continue;
    if (given === null) {
      columns.set(field.column, null);
      if (field.is === 'secret' && field.sealed !== null) columns.set(field.sealed, null);
    } else if (field.is === 'value') {
      columns.set(field.column, field.toColumn(given));
      if (field.companion !== null) columns.set(field.companion.column, field.companion.toColumn(given));
    } else if (field.is === 'secret') {
      setSecret(entry, name, { text: givenText(given), generated: false });
    } else if (field.is === 'password') {
      entry.secrets.set(name, { text: givenText(given), generated: false });
    }
  }
}

/** Takes the text of a secret, given or made; sealing it waits until it is known to be new. */
export function setSecret(entry: PlannedEntry, name: string, secret: { text: string; generated: boolean }): void {
  const field = entry.kind.fields[name];
  if (field?.is !== 'secret') throw new Error(`${entry.kind.name}.${name} is no secret`);
  entry.secrets.set(name, secret);
  if (field.digest !== null) entry.columns.set(field.digest, tokenDigest(secret.text));
  if (field.prefix !== null) entry.columns.set(field.prefix, prefixOf(secret.text));
}

/** Enough to tell keys apart in a list, too little to guess the rest. */
function prefixOf(secret: string): string {
  return secret.slice(0, Math.min(8, Math.floor(secret.length / 2)));
}
