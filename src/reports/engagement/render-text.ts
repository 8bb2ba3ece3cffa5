import { GROUPS, type Group } from './activity.ts';
import { cellsOf, cellText, COLUMN_NAMES, zoneText, type Cell, type ColumnName } from './columns.ts';
import { engagementJson } from './render-json.ts';
import type { EngagementReport } from './report.ts';

/** For the eye: a summary, then one aligned table for each group. */
export function engagementText(report: EngagementReport): string {
  const tables = GROUPS.map((group) => groupText(report, group));
  return [summaryText(report), ...tables].join('\n');
}

function summaryText(report: EngagementReport): string {
  const { summary } = report;
  const { since, until, first_half, second_half, days, metric_name } = engagementJson({
    ...report,
    rows: [],
  }).parameters;
  const lines = [
    `Engagement of new applications on ${planText(report)}`,
    `Window          ${since} to ${until}, ${days} days, ${zoneText(report.parameters.zone)}`,
    `Halves          ${first_half.join(' to ')}, ${second_half.join(' to ')}`,
    `Metric          ${printable(metric_name)}`,
    `Applications    ${summary.applications} of ${summary.accounts} accounts`,
    ...GROUPS.map((group) => {
      const { applications, accounts, sharePercent } = summary.groups[group];
      const share = sharePercent === null ? '' : `, ${sharePercent.toFixed(1)} %`;
      const growth =
        group === 'consistent'
          ? `, growth ${summary.growthPercent === null ? 'unknown' : `${summary.growthPercent.toFixed(1)} %`}, ${summary.lateStarts} late starts`
          : '';
      return `${group.padEnd(16)}${applications} of ${accounts} accounts${share}${growth}`;
    }),
  ];
  return `${lines.join('\n')}\n`;
}

function planText({ parameters: { planName, planId } }: EngagementReport): string {
  const name = planName === null ? [] : [`"${printable(planName)}"`];
  return `plan ${[...name, ...(planId === null ? [] : [`number ${planId}`])].join(', ')}`;
}

function groupText({ rows, parameters }: EngagementReport, group: Group): string {
  const members = rows.filter((row) => row.group === group);
  if (members.length === 0) return `${group}: none\n`;
  const lines = members.map((row) => {
    const cells = cellsOf(row, parameters);
    return COLUMN_NAMES.map((name) => shown(name, cells[name]));
  });
  const numeric = cellsAreNumbers(members, parameters);
  const widths = COLUMN_NAMES.map((name, index) =>
    lines.reduce((width, line) => Math.max(width, lengthOf(line[index] ?? '')), name.length),
  );
  const table = [[...COLUMN_NAMES], ...lines].map((line) =>
    line
      .map((text, index) => padded(text, widths[index] ?? 0, numeric[index] ?? false))
      .join('  ')
      .trimEnd(),
  );
  return `${group}\n${table.join('\n')}\n`;
}

function cellsAreNumbers(rows: EngagementReport['rows'], parameters: EngagementReport['parameters']): boolean[] {
  const cells = rows.map((row) => cellsOf(row, parameters));
  return COLUMN_NAMES.map((name) => cells.some((row) => typeof row[name] === 'number'));
}

function shown(name: ColumnName, cell: Cell): string {
  return printable(cellText(name, cell)) || '-';
}

function padded(text: string, width: number, right: boolean): string {
  const blanks = ' '.repeat(Math.max(0, width - lengthOf(text)));
  return right ? `${blanks}${text}` : `${text}${blanks}`;
}

/** In code points; the length in UTF-16 would shift the columns behind an emoji. */
function lengthOf(text: string): number {
  let length = 0;
  for (const _ of text) length += 1;
  return length;
}

/** What a developer called an application must not move the cursor or colour the terminal. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (character) => {
    return `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;
  });
}
