import { Temporal } from 'temporal-polyfill';
import { DAY_MS } from './durations.ts';
import { epochMs, STORABLE, type EpochMs, type ZoneId } from './instant.ts';

/*
 * Where a zone's clock stands against UTC, as stretches of constant offset. All other files of this folder compute
 * local times from these stretches with plain arithmetic, because asking Temporal for each of thousands of bucket
 * edges or labels costs 20 us a time. The stretches are found once per zone and piece of time by asking Temporal's
 * offset at a few days' distance; `getTimeZoneTransition` is not used, as it walks from the asked instant to today.
 */

/** `from <= t < to`: while it lasts, local time = UTC + `offsetMs`. A neighbour may have the same offset. */
export interface OffsetSpan {
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly offsetMs: number;
}

/** Stretches are looked for and kept in pieces of this length, so that a short question never pays for a century. */
const PIECE_MS = 400 * DAY_MS;

/** The shortest time between two changes since 1900 is just under four days (Freetown, September 1939). */
const SAMPLE_STEP_S = (3 * DAY_MS) / 1000;

const EARLIEST = epochMs(-8_640_000_000_000_000);
const LATEST = epochMs(8_640_000_000_000_000);

/** Bounded by the number of zones and by the pieces of 1900 to 2299; read-only facts, so one for the process. */
const piecesByZone = new Map<ZoneId, Map<number, readonly OffsetSpan[]>>();

/**
 * The stretch that holds `at`. Walk on with `offsetSpanAt(zone, span.to)`.
 *
 * Offsets are exact to the second (local mean times, Monrovia until 1972). Outside `STORABLE` the offset of the nearer
 * bound holds, in one stretch that reaches to the end of time.
 */
export function offsetSpanAt(zone: ZoneId, at: EpochMs): OffsetSpan {
  let pieces = piecesByZone.get(zone);
  if (pieces === undefined) {
    pieces = new Map();
    piecesByZone.set(zone, pieces);
  }
  const index = at < STORABLE.from ? -Infinity : at >= STORABLE.to ? Infinity : Math.floor(at / PIECE_MS);
  let spans = pieces.get(index);
  if (spans === undefined) {
    spans = findSpans(zone, index);
    pieces.set(index, spans);
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

function findSpans(zone: ZoneId, index: number): readonly OffsetSpan[] {
  if (index === -Infinity) return [{ from: EARLIEST, to: STORABLE.from, offsetMs: askOffsetMs(zone, STORABLE.from) }];
  if (index === Infinity) return [{ from: STORABLE.to, to: LATEST, offsetMs: askOffsetMs(zone, STORABLE.to) }];

  const start = Math.max(index * PIECE_MS, STORABLE.from);
  const end = Math.min((index + 1) * PIECE_MS, STORABLE.to);
  const starts: Change[] = [{ second: start / 1000, offsetMs: askOffsetMs(zone, start) }];
  let last = starts[0];
  while (last !== undefined && last.second < end / 1000) {
    const second = Math.min(last.second + SAMPLE_STEP_S, end / 1000);
    const sample: Change = { second, offsetMs: askOffsetMs(zone, second * 1000) };
    collectChanges(zone, last, sample, starts);
    last = sample;
  }
  return starts
    .filter((change) => change.second * 1000 < end)
    .map((change, position, kept) => ({
      from: epochMs(change.second * 1000),
      to: epochMs((kept[position + 1]?.second ?? end / 1000) * 1000),
      offsetMs: change.offsetMs,
    }));
}

interface Change {
  readonly second: number;
  readonly offsetMs: number;
}

/** Appends, in order, the seconds in `(low, high]` at which a new offset begins; changes fall on whole seconds. */
function collectChanges(zone: ZoneId, low: Change, high: Change, found: Change[]): void {
  if (low.offsetMs === high.offsetMs) return;
  if (high.second - low.second === 1) {
    found.push(high);
    return;
  }
  const second = Math.floor((low.second + high.second) / 2);
  const middle: Change = { second, offsetMs: askOffsetMs(zone, second * 1000) };
  collectChanges(zone, low, middle, found);
  collectChanges(zone, middle, high, found);
}

function askOffsetMs(zone: ZoneId, at: number): number {
  return new Temporal.ZonedDateTime(BigInt(at) * 1_000_000n, zone).offsetNanoseconds / 1_000_000;
}
