import { MAX_LINE_BYTES, withoutReturn, type Line } from './lines.ts';

const QUOTE = 0x22;
const MAX_LINES = 1_000;

/** One CSV record as it stands in the file, quoted line breaks included. */
export interface CsvRecord {
  /** Of its first line. */
  readonly line: number;
  /** `null` when it is too long, or has a quote that nothing closes. */
  readonly bytes: Buffer | null;
}

/**
 * Puts lines together to records (RFC 4180): a record goes on while a quote is open. An open quote that nothing closes
 * within 1,000 lines or 1 MiB costs its own line only; the lines behind it are read anew.
 */
export async function* csvRecordsOf(lines: AsyncIterable<Line[]>): AsyncGenerator<CsvRecord[]> {
  let open: Line[] = [];
  let openBytes = 0;

  /** Gives back the records that the lines complete; keeps what is open. */
  const take = (line: Line, records: CsvRecord[]): void => {
    if (open.length === 0 && (line.bytes === null || !hasOddQuotes(line.bytes))) {
      records.push({ line: line.number, bytes: line.bytes });
      return;
    }
    open.push(line);
    openBytes += (line.bytes?.length ?? MAX_LINE_BYTES) + 1;
    if (openBytes > MAX_LINE_BYTES || open.length > MAX_LINES) return giveUp(records);
    if (open.length > 1 && line.bytes !== null && hasOddQuotes(line.bytes)) {
      records.push({ line: open[0]?.number ?? line.number, bytes: joined(open) });
      open = [];
      openBytes = 0;
    }
  };
  const giveUp = (records: CsvRecord[]): void => {
    const again = open;
    open = [];
    openBytes = 0;
    records.push({ line: again[0]?.number ?? 0, bytes: null });
    for (const line of again.slice(1)) take(line, records);
  };

  for await (const some of lines) {
    const records: CsvRecord[] = [];
    for (const line of some) take(line, records);
    if (records.length > 0) yield records;
  }
  while (open.length > 0) {
    const records: CsvRecord[] = [];
    giveUp(records);
    yield records;
  }
}

function hasOddQuotes(bytes: Buffer): boolean {
  let odd = false;
  for (let at = bytes.indexOf(QUOTE); at !== -1; at = bytes.indexOf(QUOTE, at + 1)) odd = !odd;
  return odd;
}

function joined(lines: readonly Line[]): Buffer {
  const newline = Buffer.from('\n');
  return Buffer.concat(lines.flatMap(({ bytes }, index) => [...(index === 0 ? [] : [newline]), bytes ?? newline]));
}

export type CsvFields =
  | { readonly ok: true; readonly fields: readonly string[] }
  | { readonly ok: false; readonly problem: string };

/** Takes one record apart. Quotes inside a quoted field are doubled; a quote inside an unquoted one is refused. */
export function csvFields(record: string): CsvFields {
  const fields: string[] = [];
  for (let at = 0; ;) {
    const field = record.charAt(at) === '"' ? quotedField(record, at) : plainField(record, at);
    if (!field.ok) return field;
    fields.push(field.field);
    if (field.end >= record.length) return { ok: true, fields };
    if (record.charAt(field.end) !== ',') {
      return { ok: false, problem: `field ${fields.length} goes on behind its closing quote` };
    }
    at = field.end + 1;
    if (at === record.length) return { ok: true, fields: [...fields, ''] };
  }
}

type ReadField = { ok: true; field: string; end: number } | { ok: false; problem: string };

function plainField(record: string, from: number): ReadField {
  const comma = record.indexOf(',', from);
  const end = comma === -1 ? record.length : comma;
  const text = record.slice(from, end);
  if (text.includes('"')) return { ok: false, problem: 'has a quote inside of an unquoted field' };
  return { ok: true, field: text, end };
}

function quotedField(record: string, from: number): ReadField {
  let text = '';
  for (let at = from + 1; ;) {
    const quote = record.indexOf('"', at);
    if (quote === -1) return { ok: false, problem: 'has a quoted field without its closing quote' };
    text += record.slice(at, quote);
    if (record.charAt(quote + 1) !== '"') return { ok: true, field: text, end: quote + 1 };
    text += '"';
    at = quote + 2;
  }
}

/** The text of a record, without the carriage return of Windows' line ends. */
export function recordText(bytes: Buffer): string {
  return withoutReturn(bytes).toString('utf8');
}
