import { Option, type Command } from 'commander';
import type { Terminal } from './command.ts';
import { answerCsv, answerTable } from './query/render-answer.ts';

export type ListingFormat = 'table' | 'csv' | 'json';
export type ListingRow = Readonly<Record<string, string | number | null>>;

/** Adds `--format` to a command that prints a list. */
export function withFormat(command: Command): Command {
  return command.addOption(
    new Option('--format <format>', 'how the list is printed').choices(['table', 'csv', 'json']).default('table'),
  );
}

/** Prints rows; as JSON one array. */
export function printListing(
  rows: readonly ListingRow[],
  columns: readonly string[],
  format: ListingFormat,
  { stdout }: Terminal,
): void {
  switch (format) {
    case 'table':
      stdout.write(answerTable(rows, columns));
      return;
    case 'csv':
      stdout.write(answerCsv(rows, columns));
      return;
    case 'json':
      stdout.write(`${JSON.stringify(rows)}\n`);
  }
}
