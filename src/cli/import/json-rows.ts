import { isUtf8 } from 'node:buffer';
import { elementsOf, type JsonElement } from './json-elements.ts';
import { readRecord } from './json-record.ts';
import { linesOf, TOO_LONG, withoutReturn } from './lines.ts';
import type { ReaderOptions, ReadRow, RefusedLine, RowReader } from './row-format.ts';

const UNCLOSED = `${TOO_LONG}, or has a brace or quote that nothing closes`;
const ARRAY = /^(?:\xef\xbb\xbf)?\s*\[/;
const BLANK = /^(?:\xef\xbb\xbf)?\s*$/;

/** A JSON access log as rows of `requests`: an object a line, or an array of objects. */
export function jsonReader({ service, map }: ReaderOptions): RowReader {
  const mapped = [...map].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const decided = Buffer.from(`json\n${service}\n${JSON.stringify(mapped)}\n`);

  const readElement = ({ line, bytes }: JsonElement): ReadRow | RefusedLine => {
    if (bytes === null) return { line, problem: UNCLOSED };
    if (!isUtf8(bytes)) return { line, problem: 'is not UTF-8' };
    let record: unknown;
    try {
      record = JSON.parse(bytes.toString('utf8'));
    } catch {
      return { line, problem: 'is not JSON' };
    }
    if (typeof record !== 'object' || record === null || Array.isArray(record)) {
      return { line, problem: 'is no JSON object' };
    }
    const read = readRecord(record, map);
    if (!read.ok) return { line, problem: read.problem };
    const open = JSON.stringify({ service, ...read.request }).slice(0, -1);
    return { line, content: Buffer.concat([decided, bytes]), open, hasId: false };
  };

  return async function* (chunks) {
    const { array, all } = await looksLikeArray(chunks);
    for await (const elements of array ? elementsOf(withoutMark(all)) : linesAsElements(all)) {
      const rows: ReadRow[] = [];
      const refused: RefusedLine[] = [];
      for (const element of elements) {
        const read = readElement(element);
        if ('problem' in read) refused.push(read);
        else rows.push(read);
      }
      yield { rows, refused };
    }
  };
}

/** The first character decides; the chunks are handed back whole. */
async function looksLikeArray(
  chunks: AsyncIterable<Buffer>,
): Promise<{ readonly array: boolean; readonly all: AsyncIterable<Buffer> }> {
  const iterator = chunks[Symbol.asyncIterator]();
  const seen: Buffer[] = [];
  let text = '';
  for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
    seen.push(next.value);
    text += next.value.toString('latin1', 0, 1024);
    if (!BLANK.test(text) || text.length > 64 * 1024) break;
  }
  const all = async function* (): AsyncGenerator<Buffer> {
    yield* seen;
    yield* { [Symbol.asyncIterator]: () => iterator };
  };
  return { array: ARRAY.test(text), all: all() };
}

async function* withoutMark(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let first = true;
  for await (const chunk of chunks) {
    yield first && chunk.toString('latin1', 0, 3) === '\xef\xbb\xbf' ? chunk.subarray(3) : chunk;
    first = false;
  }
}

async function* linesAsElements(chunks: AsyncIterable<Buffer>): AsyncGenerator<JsonElement[]> {
  for await (const lines of linesOf(chunks)) {
    yield lines
      .map(({ number, bytes }) => ({ line: number, bytes: bytes === null ? null : trimmed(bytes) }))
      .filter(({ bytes }) => bytes === null || bytes.length > 0);
  }
}

/** An object has the same bytes, and so the same id, whether it stands in an array or on a line. */
function trimmed(line: Buffer): Buffer {
  const text = withoutReturn(line);
  let from = 0;
  let to = text.length;
  while (from < to && isSpace(text[from])) from += 1;
  while (to > from && isSpace(text[to - 1])) to -= 1;
  return text.subarray(from, to);
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09;
}
