import { isUtf8 } from 'node:buffer';
import type { Problem } from '../../../domain/problem.ts';
import { fail, ok, type Result } from '../../../domain/result.ts';
import type { BodyFormat } from './body-format.ts';
import { JsonArrayScanner } from './json-array.ts';

/** What one row of a body is: a JSON value, or why it is none. */
export type Row = { readonly value: unknown } | { readonly problem: Problem };

/** A row longer than this is refused; the fields of the widest stream fit ten times. */
const MAX_ROW_BYTES = 1024 * 1024;
/** JSON bodies up to this size are parsed in one go, which is faster than finding their elements first. */
const WHOLE_BYTES = 64 * 1024;
const LINE_FEED = 0x0a;

/**
 * The rows of a body, one after the other. Lines that are not JSON are rows with a problem; a body that is not JSON
 * ends the iteration with a problem for the whole request.
 */
export type Rows = Iterator<Row, Problem | null>;

export function rowsOf(body: Buffer, format: BodyFormat): Result<Rows> {
  // Without its byte order mark.
  const bytes = body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf ? body.subarray(3) : body;
  const utf8 = isUtf8(bytes);
  if (format === 'lines') return ok(linesOf(bytes, utf8));
  if (format === 'unsaid') {
    const rows = utf8 ? guessed(bytes) : null;
    return rows ?? ok(linesOf(bytes, utf8));
  }
  if (!utf8) return fail(malformed('the body is not UTF-8'));
  return arrayOf(bytes);
}

function arrayOf(bytes: Buffer): Result<Rows> {
  return bytes.length <= WHOLE_BYTES ? wholeArray(bytes) : longArray(bytes);
}

/** What begins with a bracket is an array; one object over several lines is one row; everything else is lines. */
function guessed(bytes: Buffer): Result<Rows> | null {
  if (new JsonArrayScanner(bytes).opened) return arrayOf(bytes);
  const rows = bytes.length <= WHOLE_BYTES ? wholeArray(bytes) : null;
  return rows?.ok === true ? rows : null;
}

/** One object a line. Empty lines are no rows. */
function* linesOf(bytes: Buffer, utf8: boolean): Generator<Row, null> {
  let start = 0;
  while (start < bytes.length) {
    const feed = bytes.indexOf(LINE_FEED, start);
    const end = feed === -1 ? bytes.length : feed;
    if (utf8 || isUtf8(bytes.subarray(start, end))) {
      if (!isBlank(bytes, start, end)) yield parsed(bytes, start, end);
    } else yield { problem: malformed('the line is not UTF-8') };
    start = end + 1;
  }
  return null;
}

function wholeArray(bytes: Buffer): Result<Rows> {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch {
    return fail(notJson(bytes));
  }
  if (Array.isArray(value)) return ok(valuesOf(value));
  return typeof value === 'object' && value !== null ? ok(valuesOf([value])) : fail(NO_ROWS);
}

function* valuesOf(values: readonly unknown[]): Generator<Row, null> {
  for (const value of values) yield { value };
  return null;
}

function longArray(bytes: Buffer): Result<Rows> {
  const scanner = new JsonArrayScanner(bytes);
  if (scanner.opened) return ok(elementsOf(bytes, scanner));
  const row = parsed(bytes, 0, bytes.length);
  if ('problem' in row) return fail(notJson(bytes));
  return typeof row.value === 'object' && row.value !== null ? ok(valuesOf([row.value])) : fail(NO_ROWS);
}

function* elementsOf(bytes: Buffer, scanner: JsonArrayScanner): Generator<Row, Problem | null> {
  for (;;) {
    const found = scanner.next();
    if (found === null) return NOT_JSON;
    if (!found) return null;
    const row = parsed(bytes, scanner.start, scanner.end);
    if ('problem' in row && row.problem === BAD_ROW) return NOT_JSON;
    yield row;
  }
}

function parsed(bytes: Buffer, start: number, end: number): Row {
  if (end - start > MAX_ROW_BYTES) return LONG_ROW;
  try {
    return { value: JSON.parse(bytes.toString('utf8', start, end)) };
  } catch {
    return { problem: BAD_ROW };
  }
}

function isBlank(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at];
    if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d) return false;
  }
  return true;
}

/** The commonest mistake gets a hint: lines sent as JSON. */
function notJson(bytes: Buffer): Problem {
  const feed = bytes.indexOf(LINE_FEED);
  const first = feed === -1 ? LONG_ROW : parsed(bytes, 0, feed);
  return 'value' in first
    ? malformed('the body is not JSON; for one JSON object a line send Content-Type: application/x-ndjson')
    : NOT_JSON;
}

function malformed(reason: string): Problem {
  return { kind: 'malformed_body', reason };
}

const NOT_JSON = malformed('the body is not JSON');
const NO_ROWS = malformed('the body has to be a JSON array of rows');
const BAD_ROW = malformed('the row is not JSON');
const LONG_ROW: Row = { problem: malformed('the row is longer than 1 MiB') };
