import { expect, test } from 'vitest';
import { statusXml } from '../../../../src/dialects/threescale/service/status-xml.ts';
import type { MeteredMetric, MeteredProduct } from '../../../../src/directory/meters.ts';
import { organizationId } from '../../../../src/domain/scope.ts';
import { epochMs } from '../../../../src/domain/time/instant.ts';
import type { Period } from '../../../../src/domain/time/utc-periods.ts';

const metric: MeteredMetric = { id: 1, systemName: 'hits', ancestors: [], limited: true };
const product: MeteredProduct = {
  organization: organizationId(1),
  id: 7,
  systemName: 'api',
  backendVersion: '1',
  suspended: false,
  isDefault: true,
  metrics: [metric],
  metric: () => metric,
  plan: () => null,
};

function endsAt(period: Period, at: string): string[] {
  const xml = statusXml({
    reason: null,
    product,
    planName: 'basic',
    readings: [{ metric, period, max: 1, stored: 0, charge: 1 }],
    at: epochMs(Date.parse(at)),
    counted: true,
    client: null,
    appKeys: null,
    hierarchy: false,
  });
  return [...xml.matchAll(/<period_(?:start|end)>([^<]*) \+0000</g)].map(([, text = '']) => text);
}

// The texts of a period are kept until it is another's turn.
test.each([
  ['minute', '2024-03-09T10:15:59.999Z', '2024-03-09 10:15:00', '2024-03-09 10:16:00'],
  ['minute', '2024-03-09T10:16:00.000Z', '2024-03-09 10:16:00', '2024-03-09 10:17:00'],
  ['minute', '2024-03-09T10:15:00.000Z', '2024-03-09 10:15:00', '2024-03-09 10:16:00'],
  ['month', '2024-02-29T23:59:59.999Z', '2024-02-01 00:00:00', '2024-03-01 00:00:00'],
  ['month', '2024-03-01T00:00:00.000Z', '2024-03-01 00:00:00', '2024-04-01 00:00:00'],
  ['year', '2024-03-01T00:00:00.000Z', '2024-01-01 00:00:00', '2025-01-01 00:00:00'],
  ['month', '2024-02-01T00:00:00.000Z', '2024-02-01 00:00:00', '2024-03-01 00:00:00'],
] as const)('the %s at %s', (period, at, start, end) => {
  expect(endsAt(period, at)).toEqual([start, end]);
});

test('eternity has no ends', () => {
  expect(endsAt('eternity', '2024-03-09T10:15:59.999Z')).toEqual([]);
});
