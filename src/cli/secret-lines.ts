import type { MadeSecret } from '../directory/apply/report.ts';

/** Secrets that were made up, one a line under a heading; none, no line. */
export function secretLines(secrets: readonly MadeSecret[]): string[] {
  if (secrets.length === 0) return [];
  const named = secrets.map(({ kind, name, organization, field, path, value }) => {
    const where = organization === null ? '' : ` in ${organization}`;
    return [`${field} of ${kind} ${name}${where}`.replace(/ {2,}/g, ' '), value, path] as const;
  });
  const width = Math.max(...named.map(([name]) => name.length));
  return ['Generated, and shown only this once:', ...named.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`)];
}
