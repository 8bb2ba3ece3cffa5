const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/**
 * Finds the elements of a JSON array without reading them, so that a large body is parsed element by element: the
 * thread is free in between, and memory holds one element at a time. Elements themselves are not checked.
 *
 * `next` moves to the following element, `[start, end)`: true, or false after the last one, or null where the bytes are
 * no array.
 */
export class JsonArrayScanner {
  readonly #bytes: Uint8Array;
  /** Whether the bytes begin as an array does. */
  readonly opened: boolean;
  start: number;
  end: number;
  #first = true;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.start = skipSpace(bytes, 0);
    this.end = this.start + 1;
    this.opened = bytes[this.start] === OPEN_BRACKET;
  }

  next(): boolean | null {
    const bytes = this.#bytes;
    let at = skipSpace(bytes, this.end);
    if (bytes[at] === CLOSE_BRACKET) return this.#close(at);
    if (!this.#first) {
      if (bytes[at] !== COMMA) return null;
      at = skipSpace(bytes, at + 1);
    }
    this.start = at;
    this.end = elementEnd(bytes, at);
    this.#first = false;
    return this.end > this.start ? true : null;
  }

  /** Nothing but space may follow the closing bracket. */
  #close(at: number): false | null {
    return skipSpace(this.#bytes, at + 1) === this.#bytes.length ? false : null;
  }
}

function skipSpace(bytes: Uint8Array, from: number): number {
  let at = from;
  for (; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) break;
  }
  return at;
}

/** The end of the element that begins at `from`: the comma or bracket behind it, or the end of the bytes. */
function elementEnd(bytes: Uint8Array, from: number): number {
  let depth = 0;
  for (let at = from; at < bytes.length; at += 1) {
    switch (bytes[at]) {
      case QUOTE:
        at = stringEnd(bytes, at);
        break;
      case OPEN_BRACE:
      case OPEN_BRACKET:
        depth += 1;
        break;
      case CLOSE_BRACE:
        depth -= 1;
        break;
      case CLOSE_BRACKET:
        if (depth === 0) return at;
        depth -= 1;
        break;
      case COMMA:
        if (depth === 0) return at;
        break;
      default:
        break;
    }
  }
  return bytes.length;
}

/** The closing quote of the text whose opening quote stands at `from`. */
function stringEnd(bytes: Uint8Array, from: number): number {
  let at = from + 1;
  for (; at < bytes.length; at += 1) {
    if (bytes[at] === QUOTE) break;
    if (bytes[at] === BACKSLASH) at += 1;
  }
  return at;
}
