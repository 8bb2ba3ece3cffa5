import { MAX_LINE_BYTES } from './lines.ts';

/** An element of a JSON array as it stands in the file. */
export interface JsonElement {
  /** Of its first line, from 1. */
  readonly line: number;
  /** Null when it is too long, or has a brace or quote that nothing closes. */
  readonly bytes: Buffer | null;
}

const MAX_LINES = 500;
const NEWLINE = 0x0a;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN = 0x7b;
const CLOSE = 0x7d;
/** Space, tab, carriage return, newline, comma and the array's own brackets. */
const BETWEEN = new Set([0x20, 0x09, 0x0d, NEWLINE, 0x2c, 0x5b, 0x5d]);
const ENDS_WORD = new Set([NEWLINE, 0x2c, 0x5d, OPEN]);

/**
 * Cuts the elements of a JSON array, on one line or over many, out of chunks, holding no more than a chunk and one
 * element. An object that nothing closes within 1 MiB or 500 lines costs its own first line; what stands behind that is
 * read anew. What is no object ends with its line or at a comma.
 */
export async function* elementsOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<JsonElement[]> {
  const cutter = new Cutter();
  for await (const chunk of chunks) {
    const found = cutter.feed(chunk);
    if (found.length > 0) yield found;
  }
  const left = cutter.end();
  if (left.length > 0) yield left;
}

class Cutter {
  #buffer: Buffer = Buffer.alloc(0);
  #at = 0;
  #line = 1;
  /** Where the element that is being read begins; -1 between elements. */
  #start = -1;
  #startLine = 1;
  #depth = 0;
  #quoted = false;
  #escaped = false;

  feed(chunk: Buffer): JsonElement[] {
    const from = this.#start === -1 ? this.#at : this.#start;
    const kept = this.#buffer.subarray(from);
    this.#buffer = kept.length === 0 ? chunk : Buffer.concat([kept, chunk]);
    this.#at -= from;
    if (this.#start !== -1) this.#start = 0;
    return this.#cut();
  }

  end(): JsonElement[] {
    const found: JsonElement[] = [];
    while (this.#start !== -1) {
      found.push(this.#buffer[this.#start] === OPEN ? this.#giveUp() : this.#take());
      found.push(...this.#cut());
    }
    return found;
  }

  #cut(): JsonElement[] {
    const found: JsonElement[] = [];
    while (this.#start !== -1 || this.#begin()) {
      const whole = this.#buffer[this.#start] === OPEN ? this.#readObject() : this.#readWord();
      if (whole) found.push(this.#take());
      else if (this.#isTooLong()) found.push(this.#giveUp());
      else break;
    }
    return found;
  }

  /** Goes to the next element; false when there is none in the buffer. */
  #begin(): boolean {
    for (; this.#at < this.#buffer.length; this.#at += 1) {
      const byte = this.#buffer[this.#at] ?? 0;
      if (byte === NEWLINE) this.#line += 1;
      if (BETWEEN.has(byte)) continue;
      this.#start = this.#at;
      this.#startLine = this.#line;
      this.#depth = 0;
      this.#quoted = false;
      this.#escaped = false;
      return true;
    }
    return false;
  }

  /** Goes behind the closing brace; false when the buffer ends before it, or the object goes on for too long. */
  #readObject(): boolean {
    for (; this.#at < this.#buffer.length; this.#at += 1) {
      const byte = this.#buffer[this.#at];
      if (byte === NEWLINE) {
        if (this.#line - this.#startLine >= MAX_LINES) return false;
        this.#line += 1;
      }
      if (this.#quoted) {
        if (this.#escaped) this.#escaped = false;
        else if (byte === BACKSLASH) this.#escaped = true;
        else if (byte === QUOTE) this.#quoted = false;
      } else if (byte === QUOTE) this.#quoted = true;
      else if (byte === OPEN) this.#depth += 1;
      else if (byte === CLOSE) {
        this.#depth -= 1;
        if (this.#depth > 0) continue;
        this.#at += 1;
        return true;
      }
    }
    return false;
  }

  #readWord(): boolean {
    while (this.#at < this.#buffer.length) {
      if (this.#at > this.#start && ENDS_WORD.has(this.#buffer[this.#at] ?? 0)) return true;
      this.#at += 1;
    }
    return false;
  }

  #isTooLong(): boolean {
    return this.#at - this.#start > MAX_LINE_BYTES || this.#line - this.#startLine >= MAX_LINES;
  }

  #take(): JsonElement {
    const bytes = this.#buffer.subarray(this.#start, this.#at);
    this.#start = -1;
    return { line: this.#startLine, bytes: bytes.length > MAX_LINE_BYTES ? null : bytes };
  }

  /** Goes on behind the first line of the element, or behind everything there is when it has but one. */
  #giveUp(): JsonElement {
    const newline = this.#buffer.indexOf(NEWLINE, this.#start);
    if (newline !== -1) {
      this.#at = newline + 1;
      this.#line = this.#startLine + 1;
    }
    this.#start = -1;
    return { line: this.#startLine, bytes: null };
  }
}
