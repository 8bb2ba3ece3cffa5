import { cellsOf, cellText, COLUMN_NAMES, type Cell, type ColumnName } from './columns.ts';
import type { EngagementReport } from './report.ts';

/** RFC 4180 with a header row; absent values are empty. */
export function engagementCsv({ parameters, rows }: EngagementReport): string {
  const lines = [
    COLUMN_NAMES.join(','),
    ...rows.map((row) => {
      const cells = cellsOf(row, parameters);
      return COLUMN_NAMES.map((name) => csvCell(name, cells[name])).join(',');
    }),
  ];
  return lines.map((line) => `${line}\r\n`).join('');
}

/** A developer chooses names: one that a spreadsheet would take for a formula is made a text. */
function csvCell(name: ColumnName, cell: Cell): string {
  const text = cellText(name, cell);
  const harmless = typeof cell === 'string' && /^[=+\-@]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
