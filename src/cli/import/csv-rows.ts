import { isUtf8 } from 'node:buffer';
import { streams, type Field, type StreamName } from '../../domain/streams/index.ts';
import { CliError } from '../command.ts';
import { csvFields, csvRecordsOf, recordText, type CsvRecord } from './csv-records.ts';
import { linesOf, withoutReturn } from './lines.ts';
import type { ReaderOptions, ReadRow, RefusedLine, RowReader } from './row-format.ts';

type Kind = Field['type']['kind'];

/** A header that names fields, then a record a row; an empty field is an absent value (what `export` writes). */
export function csvReader({ stream }: ReaderOptions): RowReader {
  return async function* (chunks) {
    let columns: Columns | null = null;
    for await (const records of csvRecordsOf(linesOf(chunks))) {
      const rows: ReadRow[] = [];
      const refused: RefusedLine[] = [];
      for (const record of records) {
        if (columns === null) {
          columns = readHeader(record, stream);
          continue;
        }
        const read = readRecord(record, columns);
        if (typeof read === 'string') refused.push({ line: record.line, problem: read });
        else if (read !== null) rows.push(read);
      }
      yield { rows, refused };
    }
  };
}

interface Columns {
  readonly names: readonly string[];
  readonly kinds: readonly Kind[];
  /** Begins what makes a row this row: the same record under another header is another row. */
  readonly decided: Buffer;
}

function readHeader({ bytes }: CsvRecord, stream: StreamName): Columns {
  const read = bytes === null || !isUtf8(bytes) ? null : csvFields(recordText(bytes));
  if (read === null || !read.ok) throw new CliError('the first line is no CSV header in UTF-8', 1);
  const names = read.fields.map((name) => name.trim());
  const known = new Map<string, Kind>([
    ['id', 'text'],
    ['organization', 'text'],
  ]);
  for (const field of streams[stream].fields) {
    if (field.derived !== true) known.set(field.name, field.type.kind);
  }
  const kinds = names.map((name, index) => {
    const kind = known.get(name);
    if (kind === undefined) {
      throw new CliError(`the header names "${name}"; rows of ${stream} have ${[...known.keys()].join(', ')}`, 1);
    }
    if (names.indexOf(name) !== index) throw new CliError(`the header names "${name}" twice`, 1);
    return kind;
  });
  return { names, kinds, decided: Buffer.from(`csv\n${JSON.stringify(names)}\n`) };
}

function readRecord({ line, bytes }: CsvRecord, { names, kinds, decided }: Columns): ReadRow | string | null {
  if (bytes === null) return 'is longer than 1048576 bytes, or has a quote that nothing closes';
  if (!isUtf8(bytes)) return 'is not UTF-8';
  const text = recordText(bytes);
  if (text === '') return null;
  const read = csvFields(text);
  if (!read.ok) return read.problem;
  if (read.fields.length !== names.length) {
    return `has ${read.fields.length} fields, the header has ${names.length}`;
  }
  const row: [string, unknown][] = [];
  for (const [index, field] of read.fields.entries()) {
    const name = names[index] ?? '';
    if (field === '') continue;
    const value = typedValue(kinds[index] ?? 'text', field);
    if (value === undefined) return `${name} is not JSON`;
    row.push([name, value]);
  }
  const hasId = row.some(([name]) => name === 'id');
  const open = JSON.stringify(Object.fromEntries(row)).slice(0, -1);
  return { line, content: Buffer.concat([decided, withoutReturn(bytes)]), open, hasId };
}

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** What is no number stays a text, and the server says which field is wrong; undefined for text that is not JSON. */
function typedValue(kind: Kind, text: string): unknown {
  switch (kind) {
    case 'time':
    case 'text':
      return text;
    case 'integer':
    case 'number':
      return NUMBER.test(text) ? Number(text) : text;
    case 'json':
      try {
        return JSON.parse(text) as unknown;
      } catch {
        return undefined;
      }
  }
}
