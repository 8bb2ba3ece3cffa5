import { isUtf8 } from 'node:buffer';
import { parseCombined } from './combined-line.ts';
import { cloudFrontParser } from './cloudfront-line.ts';
import type { LoggedLine } from './logged-request.ts';
import { linesOf, TOO_LONG, withoutReturn } from './lines.ts';
import type { ReaderOptions, ReadRow, RefusedLine, RowReader } from './row-format.ts';

/** Reads a line; null for one that is no request, such as a header. Has a memory of its own for each file. */
type LineParser = (text: string) => LoggedLine | null;

/** Lines of Apache's or nginx's access log as rows of `requests`. */
export function combinedReader({ service }: ReaderOptions): RowReader {
  return accessLogReader(`combined\n${service}\n`, service, () => parseCombined);
}

/** Lines of CloudFront's standard log as rows of `requests`. */
export function cloudFrontReader({ service }: ReaderOptions): RowReader {
  return accessLogReader(`cloudfront\n${service}\n`, service, cloudFrontParser);
}

/** Lines that are no UTF-8 are taken as Latin-1. */
function accessLogReader(kind: string, service: string, createParser: () => LineParser): RowReader {
  const decided = Buffer.from(kind);
  const opening = `{"service":${JSON.stringify(service)}`;
  return async function* (chunks) {
    const parse = createParser();
    for await (const some of linesOf(chunks)) {
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
        const read = parse(text);
        if (read === null) continue;
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
