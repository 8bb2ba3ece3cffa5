import type { DeclaredRow } from '../store/records/declared-rows.ts';
import { BackupError } from './backup-error.ts';

const NEWLINE = 0x0a;

/** Rows of the records store as lines of JSON. */
export function linesOfRows(rows: readonly DeclaredRow[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}

/** The rows of a file that `linesOfRows` wrote. Throws BackupError for a line that is none. */
export async function* rowsOfLines(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<DeclaredRow> {
  let number = 0;
  for await (const line of lines(pieces)) {
    number += 1;
    yield parseRow(line, number);
  }
}

export async function countLines(pieces: AsyncIterable<Uint8Array>): Promise<number> {
  let count = 0;
  for await (const row of rowsOfLines(pieces)) count += row === null ? 0 : 1;
  return count;
}

/** Cut at newlines and nothing else: texts may hold what readers of lines elsewhere take for the end of one. */
async function* lines(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let rest: Buffer[] = [];
  for await (const piece of pieces) {
    const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    let from = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, from)) {
      yield Buffer.concat([...rest, bytes.subarray(from, end)]).toString('utf8');
      rest = [];
      from = end + 1;
    }
    if (from < bytes.length) rest.push(bytes.subarray(from));
  }
  if (rest.length > 0) throw new BackupError('the last line does not end');
}

function parseRow(line: string, number: number): DeclaredRow {
  let row: unknown;
  try {
    row = JSON.parse(line);
  } catch {
    throw new BackupError(`line ${number} is not JSON`);
  }
  if (isRow(row)) return row;
  throw new BackupError(`line ${number} is not a row`);
}

function isRow(value: unknown): value is DeclaredRow {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((cell) => cell === null || typeof cell === 'string' || typeof cell === 'number')
  );
}
