/** A table to be saved as a file. */
export interface CsvTable {
  /** Name of the file it is saved under. */
  readonly file: string;
  readonly header: readonly string[];
  readonly rows: readonly (readonly CsvCell[])[];
}

/** A table that is written already. */
export interface CsvFile {
  /** Name of the file it is saved under. */
  readonly file: string;
  readonly text: string;
}

/** Null is an empty field. */
export type CsvCell = string | number | bigint | boolean | null;

/** RFC 4180, lines end with a line feed as the imitated server's do. */
export function csvText({ header, rows }: CsvTable): string {
  return [header, ...rows].map((row) => `${row.map(field).join(',')}\n`).join('');
}

const FORMULA = /^[=+\-@\t\r]/;

/** Text that a spreadsheet would run as a formula is shown as text; numbers stay numbers. */
function field(cell: CsvCell): string {
  if (cell === null) return '';
  if (typeof cell !== 'string') return String(cell);
  const text = FORMULA.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
