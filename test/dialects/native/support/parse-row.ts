import { isProblem, rowParser } from '../../../../src/dialects/native/rows/row-parser.ts';
import type { References } from '../../../../src/dialects/native/rows/references.ts';
import { renderRowProblem } from '../../../../src/dialects/native/problems.ts';
import { organizationId } from '../../../../src/domain/scope.ts';
import { epochMs } from '../../../../src/domain/time/instant.ts';
import { formatRfc3339Utc } from '../../../../src/domain/time/rfc3339.ts';
import { NO_CONSEQUENCES } from '../../../../src/metering/row-usage.ts';
import type { StreamName } from '../../../../src/domain/streams/index.ts';

/** Organization 7 (NORTH) with one of everything, and 8 (NORTH_LAB) below it. */
const references: References = {
  own: organizationId(7),
  organization: (name) => {
    const found = new Map([
      ['NORTH', 7],
      ['blt0000000000000007', 7],
      ['NORTH_LAB', 8],
    ]).get(name);
    return found === undefined ? null : organizationId(found);
  },
  app: (organization, id) =>
    organization === 7 && (id === '5f0000000000000000000001' || id === '42') ? { era: epochMs(0) } : null,
  device: (organization, key) =>
    organization === 7 && key === 'D00017' ? { array: '1AMDK', deployment: '7QX2B' } : null,
  array: (organization, key) => (organization === 7 && key === '1AMDK' ? { deployment: '7QX2B' } : null),
  product: (organization, systemName) =>
    organization === 7 && systemName === 'weather'
      ? {
          hasApplication: (application: number) => application === 41,
          usage: (metric: string) => (metric === 'hits' || metric === 'search' ? NO_CONSEQUENCES : null),
        }
      : null,
};

/** Reads one row, given as the JSON text that travels; gives what is stored (the time in UTC), or the rejection as it is told. */
export function parseRow(stream: StreamName, json: string): unknown {
  const row = rowParser(stream)(JSON.parse(json), references);
  if (isProblem(row)) return renderRowProblem(row);
  const { time, ...stored } = JSON.parse(row.facts[0]?.line ?? '{}') as { time: number };
  const shown = { ...stored, time: formatRfc3339Utc(epochMs(time)) };
  return row.claim === undefined ? shown : { ...shown, claim: row.claim };
}
