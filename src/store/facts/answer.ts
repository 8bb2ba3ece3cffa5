import { parseExactly } from './exact-json.ts';
import type { Rows } from './rows.ts';

/** Reads an answer in JSONCompact. Throws TypeError when its columns are not those the caller reads. */
export function readAnswer<T>(body: Buffer, rows: Rows<T>): T[] {
  const answer = parseExactly(body);
  if (!isAnswer(answer)) throw new TypeError('the facts store sent something else than JSONCompact');
  const read = rows.reader(answer.meta.map((column) => column.name));
  return answer.data.map(read);
}

interface Answer {
  readonly meta: readonly { readonly name: string }[];
  readonly data: readonly (readonly unknown[])[];
}

function isAnswer(value: unknown): value is Answer {
  return typeof value === 'object' && value !== null && 'meta' in value && Array.isArray(value.meta) && 'data' in value;
}
