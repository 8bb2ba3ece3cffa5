import Table from 'cli-table3';

type Value = string | number | null;
type Row = Readonly<Record<string, Value>>;

/** Columns side by side, numbers to the right; an absent value is `-`. No lines and no colours, so that it pipes well. */
export function answerTable(rows: readonly Row[], columns: readonly string[]): string {
  const numeric = columns.map((name) => rows.some((row) => typeof row[name] === 'number'));
  const table = new Table({
    head: [...columns],
    colAligns: numeric.map((is) => (is ? 'right' : 'left')),
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    chars: {
      top: '',
      'top-mid': '',
      'top-left': '',
      'top-right': '',
      bottom: '',
      'bottom-mid': '',
      'bottom-left': '',
      'bottom-right': '',
      left: '',
      'left-mid': '',
      mid: '',
      'mid-mid': '',
      right: '',
      'right-mid': '',
      middle: '  ',
    },
  });
  for (const row of rows) table.push(columns.map((name) => printable(row[name] ?? null)));
  const lines = table.toString().split('\n');
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

/** RFC 4180 with a header; an absent value is empty. */
export function answerCsv(rows: readonly Row[], columns: readonly string[]): string {
  const lines = [columns.map(csvValue), ...rows.map((row) => columns.map((name) => csvValue(row[name] ?? null)))];
  return lines.map((line) => `${line.join(',')}\r\n`).join('');
}

function csvValue(value: Value): string {
  if (value === null) return '';
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** What a log line brought must not move the cursor or colour the terminal. */
function printable(value: Value): string {
  if (value === null) return '-';
  return String(value).replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (character) => JSON.stringify(character).slice(1, -1));
}
