/**
 * The usage of a window counted the long way: every quarter of an hour is asked of Intl for its local time, and runs of
 * equal local hours (or dates) are the buckets. Shares nothing with the server but the zone database of the machine.
 */
export interface Row {
  readonly organization: string;
  readonly service: string;
  readonly time: number;
  readonly count: number;
}

export interface Usage {
  readonly counters: Readonly<Record<string, readonly number[]>>;
  readonly total: number;
  readonly ts: readonly string[];
}

const SLOT_MS = 900_000;
const formats = new Map<string, Intl.DateTimeFormat>();

interface Local {
  readonly date: string;
  readonly hour: string;
  readonly minute: string;
  readonly offset: string;
}

function localAt(time: number, zone: string): Local {
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-CA', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      timeZoneName: 'longOffset',
    });
    formats.set(zone, format);
  }
  const parts = Object.fromEntries(format.formatToParts(time).map(({ type, value }) => [type, value]));
  const offset = (parts['timeZoneName'] ?? '').replace('GMT', '');
  return {
    date: `${parts['year']}-${parts['month']}-${parts['day']}`,
    hour: parts['hour'] ?? '',
    minute: parts['minute'] ?? '',
    offset: offset === '' ? '+00:00' : offset,
  };
}

export function bruteForce(
  rows: readonly Row[],
  window: { readonly from: number; readonly to: number },
  zone: string,
  series: 'hour' | 'day',
): Usage {
  const { from, to } = window;
  if (from === to) return { counters: {}, total: 0, ts: [] };
  const keyOf = ({ date, hour, offset }: Local) => (series === 'day' ? date : `${date} ${hour} ${offset}`);
  const ts: string[] = [];
  const positionOfSlot = new Map<number, number>();
  let last = '';
  for (let slot = Math.floor(from / SLOT_MS) * SLOT_MS; slot < to; slot += SLOT_MS) {
    const local = localAt(slot, zone);
    const key = keyOf(local);
    if (key !== last) {
      let first = slot;
      while (keyOf(localAt(first - SLOT_MS, zone)) === key) first -= SLOT_MS;
      const { date, hour, minute, offset } = localAt(first, zone);
      ts.push(`${date}T${hour}:${minute}:00${offset}`);
      last = key;
    }
    positionOfSlot.set(slot, ts.length - 1);
  }
  const counters = new Map<string, number[]>();
  let total = 0;
  for (const { service, time, count } of rows) {
    if (time < from || time >= to) continue;
    const line = counters.get(service) ?? ts.map(() => 0);
    counters.set(service, line);
    const position = positionOfSlot.get(Math.floor(time / SLOT_MS) * SLOT_MS) ?? Number.NaN;
    line[position] = (line[position] ?? Number.NaN) + count;
    total += count;
  }
  return { counters: Object.fromEntries(counters), total, ts };
}
