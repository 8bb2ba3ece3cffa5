const NEWLINE = 0x0a;
const RETURN = 0x0d;
const UTF8_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** The longest line, or CSV record over several lines, that is read, in bytes. */
export const MAX_LINE_BYTES = 1024 * 1024;
export const TOO_LONG = `is longer than ${MAX_LINE_BYTES} bytes`;

/** A line without its newline; a carriage return before it is kept. `null` for one that was too long to be kept. */
export interface Line {
  /** From 1, as editors and `sed` count. */
  readonly number: number;
  readonly bytes: Buffer | null;
}

/**
 * Cuts chunks into lines, holding no more than one chunk and one line. A last line without newline is a line. A
 * byte order mark before the first one is left out.
 *
 * @returns the lines of one chunk at a time, because an await for each line costs more than the line
 */
export async function* linesOf(chunks: AsyncIterable<Buffer>, maxBytes = MAX_LINE_BYTES): AsyncGenerator<Line[]> {
  let number = 1;
  /** The beginning of a line that goes on in the next chunk; dropped once it is too long. */
  let parts: Buffer[] = [];
  let partsBytes = 0;

  const finish = (last: Buffer): Line => {
    const length = partsBytes + last.length;
    const bytes = length > maxBytes ? null : parts.length === 0 ? last : Buffer.concat([...parts, last], length);
    parts = [];
    partsBytes = 0;
    const line = { number, bytes: number === 1 && bytes !== null ? withoutMark(bytes) : bytes };
    number += 1;
    return line;
  };

  for await (const chunk of chunks) {
    const lines: Line[] = [];
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, from)) {
      lines.push(finish(chunk.subarray(from, end)));
      from = end + 1;
    }
    if (from < chunk.length) {
      partsBytes += chunk.length - from;
      if (partsBytes <= maxBytes) parts.push(chunk.subarray(from));
      else parts = [];
    }
    if (lines.length > 0) yield lines;
  }
  if (partsBytes > 0) yield [finish(Buffer.alloc(0))];
}

/** The line without the carriage return of Windows' line ends. */
export function withoutReturn(line: Buffer): Buffer {
  return line.at(-1) === RETURN ? line.subarray(0, -1) : line;
}

function withoutMark(line: Buffer): Buffer {
  return line.subarray(0, 3).equals(UTF8_MARK) ? line.subarray(3) : line;
}
