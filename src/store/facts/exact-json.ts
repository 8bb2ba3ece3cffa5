const ZERO = 0x30;
const NINE = 0x39;
/** Integers of fewer digits are exact in a JSON number: 2^53 has this many. */
const LONG = 16;

/** A text whole, or a number whole. */
const TEXT_OR_NUMBER = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const LONG_INTEGER = new RegExp(`^-?\\d{${LONG},}$`);

/**
 * As JSON.parse, except that integers it might round come as the text of their digits. The engine could write all 64-bit
 * integers so, but reading twice as many texts takes twice as long, and hardly ever is one so long.
 */
export function parseExactly(json: Buffer): unknown {
  const text = json.toString();
  return JSON.parse(hasLongDigits(json) ? text.replaceAll(TEXT_OR_NUMBER, quotedIfLong) : text);
}

function quotedIfLong(token: string): string {
  return LONG_INTEGER.test(token) ? `"${token}"` : token;
}

/** Whether so many digits stand in a row anywhere. Any such row covers one of the places looked at, so most are skipped. */
function hasLongDigits(bytes: Buffer): boolean {
  let end = LONG - 1;
  while (end < bytes.length) {
    let at = end;
    while (at > end - LONG && isDigit(bytes[at])) at -= 1;
    if (at === end - LONG) return true;
    end = at + LONG;
  }
  return false;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= NINE;
}
