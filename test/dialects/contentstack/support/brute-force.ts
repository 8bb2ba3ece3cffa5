/**
 * The results of contract 5 counted the long way, from the rows as they were sent. Shares nothing with the server: dates
 * are those of `Date`.
 */
export interface Row {
  readonly time: number;
  readonly service: string;
  readonly url: string;
  readonly status: number;
  readonly bytes: number;
  readonly cache: string;
  readonly sdk: string;
  readonly device: string;
  readonly stack: string;
  readonly project: string;
  readonly environment: string;
  readonly count: number;
}

export interface Asked {
  readonly from: string;
  readonly to: string;
  readonly services: readonly string[];
  readonly duration: 'day' | 'week' | 'month';
  readonly orderBy: 1 | -1;
  readonly stack: string | null;
  readonly status: number | null;
  readonly cache: string | null;
}

const DAY_MS = 86_400_000;
const midnight = (date: string): number => Date.parse(`${date}T00:00:00Z`);
const dateOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** First day of the bucket of an instant. */
function labelOf(time: number, duration: Asked['duration']): string {
  const date = new Date(time);
  if (duration === 'month') return `${date.toISOString().slice(0, 7)}-01`;
  const day = midnight(dateOf(time));
  return duration === 'day' ? dateOf(day) : dateOf(day - ((date.getUTCDay() + 6) % 7) * DAY_MS);
}

function labelsOf({ from, to, duration }: Asked): readonly string[] {
  const labels = new Set<string>();
  for (let day = midnight(from); day <= midnight(to); day += DAY_MS) labels.add(labelOf(day, duration));
  return [...labels];
}

function rowsIn(rows: readonly Row[], { from, to, services, stack }: Asked): readonly Row[] {
  return rows.filter(
    ({ time, service, ...row }) =>
      time >= midnight(from) &&
      time < midnight(to) + DAY_MS &&
      services.includes(service) &&
      (stack === null || row.stack === stack),
  );
}

const wire = (value: number): number | string => (value > 2_147_483_647 ? String(value) : value);
const compareBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

type Named = 'device' | 'sdk' | 'status' | 'url';

/** Rows counted by bucket (or the whole range), service and a name, in order, with the marker. */
function counted(
  rows: readonly Row[],
  asked: Asked,
  options: { key: Named; name: (row: Row) => string | null; ranked: boolean; marker: object | null; dated: boolean },
): readonly object[] {
  const counts = new Map<string, { date: string; type: string; name: string; count: number }>();
  for (const row of rowsIn(rows, asked)) {
    const name = options.name(row);
    if (name === null) continue;
    const date = options.dated ? labelOf(row.time, asked.duration) : '';
    const key = JSON.stringify([date, row.service, name]);
    const known = counts.get(key) ?? { date, type: row.service, name, count: 0 };
    known.count += row.count;
    counts.set(key, known);
  }
  const sorted = [...counts.values()].toSorted(
    (a, b) =>
      (options.ranked ? asked.orderBy * (a.count - b.count) : 0) ||
      compareBytes(a.date, b.date) ||
      compareBytes(a.type, b.type) ||
      compareBytes(a.name, b.name),
  );
  const last = labelOf(midnight(asked.to), asked.duration);
  const marker =
    options.marker === null || sorted.some(({ date }) => date === last) ? [] : [{ ...options.marker, date: last }];
  return [
    ...sorted.map(({ date, type, name, count }) => ({
      count: options.key === 'url' ? String(count) : wire(count),
      type,
      [options.key]: name,
      ...(options.dated ? { date } : {}),
    })),
    ...marker,
  ];
}

export const bruteForce = {
  devices: (rows: readonly Row[], asked: Asked) =>
    counted(rows, asked, {
      key: 'device',
      name: ({ device }) => device || 'unknown',
      ranked: true,
      marker: {},
      dated: true,
    }),
  sdk: (rows: readonly Row[], asked: Asked) =>
    counted(rows, asked, { key: 'sdk', name: ({ sdk }) => sdk || null, ranked: true, marker: {}, dated: true }),
  url: (rows: readonly Row[], asked: Asked) =>
    counted(rows, asked, { key: 'url', name: ({ url }) => url, ranked: true, marker: null, dated: false }),
  'http-statuses': (rows: readonly Row[], asked: Asked) =>
    counted(rows, asked, {
      key: 'status',
      name: ({ status }) => (asked.status === null || asked.status === status ? String(status) : null),
      ranked: false,
      marker: { count: 0 },
      dated: true,
    }),
  'hit-miss-ratio': (rows: readonly Row[], asked: Asked) =>
    counted(rows, asked, {
      key: 'status',
      name: ({ cache }) =>
        ['HIT', 'MISS'].includes(cache) && (asked.cache === null || asked.cache === cache) ? cache : null,
      ranked: false,
      marker: { count: 0 },
      dated: true,
    }),
  usage(rows: readonly Row[], asked: Asked): readonly object[] {
    const matching = rowsIn(rows, asked);
    return labelsOf(asked).map((date) => {
      const sum = (cdn: boolean, field: 'bytes' | 'count'): number | string =>
        wire(
          matching
            .filter(({ time }) => labelOf(time, asked.duration) === date)
            .filter(({ service }) => ['cdn', 'graphql', 'images', 'assets'].includes(service) === cdn)
            .reduce((total, row) => total + row[field], 0),
        );
      return {
        total_api_bandwidth: sum(false, 'bytes'),
        total_api_count: sum(false, 'count'),
        total_cdn_bandwidth: sum(true, 'bytes'),
        total_cdn_count: sum(true, 'count'),
        date,
      };
    });
  },
};
