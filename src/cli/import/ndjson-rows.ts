import { isUtf8 } from 'node:buffer';
import { linesOf, TOO_LONG, withoutReturn, type Line } from './lines.ts';
import type { ReadRow, RefusedLine, RowReader } from './row-format.ts';

const DECIDED = Buffer.from('ndjson\n');

/** One JSON object a line, sent on as it is written; whether its fields are right is the server's to say. */
export const ndjsonReader: RowReader = async function* (chunks) {
  for await (const some of linesOf(chunks)) {
    const rows: ReadRow[] = [];
    const refused: RefusedLine[] = [];
    for (const line of some) {
      const read = readLine(line);
      if (typeof read === 'string') refused.push({ line: line.number, problem: read });
      else if (read !== null) rows.push(read);
    }
    yield { rows, refused };
  }
};

function readLine({ number, bytes }: Line): ReadRow | string | null {
  if (bytes === null) return TOO_LONG;
  const line = withoutReturn(bytes);
  if (!isUtf8(line)) return 'is not UTF-8';
  const text = line.toString('utf8').trim();
  if (text === '') return null;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return text === '[' || text === ']' ? 'is a bracket: give one object a line instead of an array' : 'is not JSON';
  }
  if (Array.isArray(value)) return 'is an array: give one object a line';
  if (typeof value !== 'object' || value === null) return 'is no JSON object';
  const id = 'id' in value ? value.id : undefined;
  return {
    line: number,
    content: Buffer.concat([DECIDED, line]),
    open: text.slice(0, -1),
    hasId: id !== undefined && id !== null && id !== '',
  };
}
