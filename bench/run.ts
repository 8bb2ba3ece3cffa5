import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import Table from 'cli-table3';
import { authrep } from './authrep.ts';
import { bulkRows } from './bulk-rows.ts';
import { contentstack } from './contentstack.ts';
import { countly } from './countly.ts';
import { engagement } from './engagement.ts';
import { queries } from './queries.ts';
import { scanalytics } from './scanalytics.ts';
import { singleRequests } from './single-requests.ts';
import { rounded, type Benchmark, type Measurement } from './support/measure.ts';
import { sustained } from './sustained.ts';
import { threescaleUsage } from './threescale-usage.ts';

const benchmarks: readonly Benchmark[] = [
  singleRequests,
  authrep,
  bulkRows,
  queries,
  scanalytics,
  engagement,
  threescaleUsage,
  countly,
  contentstack,
  sustained,
];

/** Usage: npm run bench [-- name …]. Prints a table and writes bench/results.json; what was not asked for stays in it. */
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !benchmarks.some((benchmark) => benchmark.name === name));
if (unknown.length > 0) {
  throw new Error(`no benchmark ${unknown.join(', ')}; there are ${benchmarks.map(({ name }) => name).join(', ')}`);
}

const results: Measurement[] = [];
for (const benchmark of benchmarks) {
  if (asked.length > 0 && !asked.includes(benchmark.name)) continue;
  process.stderr.write(`${benchmark.name}: ${benchmark.description}\n`);
  results.push(...(await benchmark.run((line) => process.stderr.write(`  ${line}\n`))));
}

const table = new Table({ head: ['measured', 'ours', 'baseline', 'unit', 'ratio', 'aim', ''], style: { head: [] } });
for (const { name, ours, baseline, unit, against, aim } of results) {
  const ratio = baseline === 0 ? '' : rounded(ours / baseline);
  table.push([
    name,
    ours,
    `${baseline} (${against})`,
    unit,
    ratio,
    aim?.words ?? '',
    aim === undefined ? '' : aim.met ? 'met' : 'missed',
  ]);
}
process.stdout.write(`${table.toString()}\n`);

const machine = {
  cpus: cpus().length,
  cpu: cpus()[0]?.model ?? 'unknown',
  node: process.version,
  platform: process.platform,
};
const file = fileURLToPath(new URL('./results.json', import.meta.url));
const kept =
  asked.length > 0 && existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as { measurements: Measurement[] })
    : null;
const measurements = [
  ...(kept?.measurements.filter(({ name }) => !results.some((result) => result.name === name)) ?? []),
  ...results,
];
writeFileSync(file, `${JSON.stringify({ machine, measurements }, null, 2)}\n`);
process.exit(0);
