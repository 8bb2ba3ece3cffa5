import { DAY_MS } from './durations.ts';
import { epochMs, STORABLE, type EpochMs, type ZoneId } from './instant.ts';

/*
 * Where a zone's clock stands against UTC, as stretches of constant offset. All other files of this folder compute
 * local times from these stretches with plain arithmetic, because asking a library for each of thousands of bucket
 * edges or labels is too slow: Temporal's polyfill takes 20 us a time, most of it in `Intl.DateTimeFormat`, which knows
 * the zones in the end. Here `Intl` is asked directly (1 us), at a few days' distance and around the changes, once per
 * zone and piece of time. The tests hold the outcome against Temporal in every zone.
 */

/** `from <= t < to`: while it lasts, local time = UTC + `offsetMs`. A neighbour may have the same offset. */
export interface OffsetSpan {
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly offsetMs: number;
}

/** Stretches are looked for and kept in pieces of this length, so that a short question never pays for a century. */
const PIECE_MS = 400 * DAY_MS;

/** The shortest time between two changes since 1900 is just under seven days (Recife in October 2000, Gaza). */
const SAMPLE_STEP_S = (3 * DAY_MS) / 1000;

const EARLIEST = epochMs(-8_640_000_000_000_000);
const LATEST = epochMs(8_640_000_000_000_000);

interface ZoneRecord {
  readonly askOffsetMs: (second: number) => number;
  readonly pieces: Map<number, readonly OffsetSpan[]>;
}

/** Bounded by the number of zones and by the pieces of 1900 to 2299; read-only facts, so one for the process. */
const records = new Map<ZoneId, ZoneRecord>();

/**
 * The stretch that holds `at`. Walk on with `offsetSpanAt(zone, span.to)`.
 *
 * Offsets are exact to the second (local mean times, Monrovia until 1972). Outside `STORABLE` the offset of the nearer
 * bound holds, in one stretch that reaches to the end of time.
 */
export function offsetSpanAt(zone: ZoneId, at: EpochMs): OffsetSpan {
  let record = records.get(zone);
  if (record === undefined) {
    record = { askOffsetMs: offsetReader(zone), pieces: new Map() };
    records.set(zone, record);
  }
  const index = at < STORABLE.from ? -Infinity : at >= STORABLE.to ? Infinity : Math.floor(at / PIECE_MS);
  let spans = record.pieces.get(index);
  if (spans === undefined) {
    spans = findSpans(record, index);
    record.pieces.set(index, spans);
  }
  for (let position = spans.length - 1; position >= 0; position -= 1) {
    const span = spans[position];
    if (span !== undefined && span.from <= at) return span;
  }
  throw new RangeError(`${String(at)} is not an instant`);
}

/** Milliseconds to add to UTC at an instant to get the zone's local time. */
export function offsetMsAt(zone: ZoneId, at: EpochMs): number {
  return offsetSpanAt(zone, at).offsetMs;
}

function findSpans({ askOffsetMs }: ZoneRecord, index: number): readonly OffsetSpan[] {
  const beyond = { from: EARLIEST, to: LATEST };
  if (index === -Infinity) return [{ ...beyond, to: STORABLE.from, offsetMs: askOffsetMs(STORABLE.from / 1000) }];
  if (index === Infinity) return [{ ...beyond, from: STORABLE.to, offsetMs: askOffsetMs(STORABLE.to / 1000) }];

  const start = Math.max(index * PIECE_MS, STORABLE.from) / 1000;
  const end = Math.min((index + 1) * PIECE_MS, STORABLE.to) / 1000;
  let last: Change = { second: start, offsetMs: askOffsetMs(start) };
  const changes = [last];
  while (last.second < end) {
    const second = Math.min(last.second + SAMPLE_STEP_S, end);
    const sample: Change = { second, offsetMs: askOffsetMs(second) };
    collectChanges(askOffsetMs, last, sample, changes);
    last = sample;
  }
  return changes
    .filter((change) => change.second < end)
    .map((change, position, kept) => ({
      from: epochMs(change.second * 1000),
      to: epochMs((kept[position + 1]?.second ?? end) * 1000),
      offsetMs: change.offsetMs,
    }));
}

interface Change {
  readonly second: number;
  readonly offsetMs: number;
}

/** Appends, in order, the seconds in `(low, high]` at which a new offset begins; changes fall on whole seconds. */
function collectChanges(askOffsetMs: ZoneRecord['askOffsetMs'], low: Change, high: Change, found: Change[]): void {
  if (low.offsetMs === high.offsetMs) return;
  if (high.second - low.second === 1) {
    found.push(high);
    return;
  }
  const second = Math.floor((low.second + high.second) / 2);
  const middle: Change = { second, offsetMs: askOffsetMs(second) };
  collectChanges(askOffsetMs, low, middle, found);
  collectChanges(askOffsetMs, middle, high, found);
}

/** `2024, GMT+05:45`, with seconds where the offset has some; zero is `GMT` or `GMT+00:00`. */
const LONG_OFFSET = /GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/;

function offsetReader(zone: ZoneId): ZoneRecord['askOffsetMs'] {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset', year: 'numeric' });
  return (second) => {
    const text = format.format(second * 1000);
    const match = LONG_OFFSET.exec(text);
    if (match === null) throw new Error(`this runtime writes offsets in an unknown way: ${text}`);
    const [, sign, hours = '0', minutes = '0', seconds = '0'] = match;
    const size = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
    return sign === '-' ? -size : size;
  };
}
