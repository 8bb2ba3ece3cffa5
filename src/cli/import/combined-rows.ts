import { isUtf8 } from 'node:buffer';
import { parseCombined } from './combined-line.ts';
import { MAX_LINE_BYTES, withoutReturn } from './lines.ts';
import type { ReaderOptions, ReadRow, RefusedLine, RowReader } from './row-format.ts';

export const TOO_LONG = `is longer than ${MAX_LINE_BYTES} bytes`;

/** Lines of an access log as rows of `requests`. Lines that are no UTF-8 are taken as Latin-1. */
export function combinedReader({ service }: ReaderOptions): RowReader {
  const decided = Buffer.from(`combined\n${service}\n`);
  const opening = `{"service":${JSON.stringify(service)}`;
  return async function* (lines) {
    for await (const some of lines) {
      const rows: ReadRow[] = [];
      const refused: RefusedLine[] = [];
      for (const { number, bytes } of some) {
        if (bytes === null) {
          refused.push({ line: number, problem: TOO_LONG });
          continue;
        }
        const line = withoutReturn(bytes);
        const text = line.toString(isUtf8(line) ? 'utf8' : 'latin1');
        if (text.trim() === '') continue;
        const read = parseCombined(text);
        if (!read.ok) refused.push({ line: number, problem: read.problem });
        else {
          const open = `${opening},${JSON.stringify(read.request).slice(1, -1)}`;
          rows.push({ line: number, content: Buffer.concat([decided, line]), open, hasId: false });
        }
      }
      yield { rows, refused };
    }
  };
}
