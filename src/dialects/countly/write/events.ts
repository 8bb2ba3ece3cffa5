import type { EpochMs } from '../../../domain/time/instant.ts';
import { isObject } from '../transport/parameters.ts';
import { momentOf } from './moment.ts';
import { jsonText, numberOf, valueText, wellFormed } from './text-values.ts';

/** A custom event as it is counted (contract 2.4). */
export interface SentEvent {
  readonly key: string;
  readonly at: EpochMs;
  readonly count: number;
  /** To five decimals; null when none was sent. */
  readonly sum: number | null;
  readonly duration: number | null;
  /** JSON text of a flat object; null without segments. */
  readonly segmentation: string | null;
}

const KEY_END = 128;

/** The good elements of an `events` array; bad ones do not spoil them. */
export function eventsOf(
  elements: readonly unknown[],
  time: { readonly at: EpochMs; readonly arrival: EpochMs },
): SentEvent[] {
  const events: SentEvent[] = [];
  for (const element of elements) {
    const event = isObject(element) ? eventOf(element, time) : null;
    if (event !== null) events.push(event);
  }
  return events;
}

function eventOf(sent: Readonly<Record<string, unknown>>, time: { at: EpochMs; arrival: EpochMs }): SentEvent | null {
  const key = typeof sent['key'] === 'string' ? keyOf(sent['key']) : '';
  const count = Math.trunc(numberOf(sent['count']) ?? 0);
  if (key === '' || key.length >= KEY_END || count < 1) return null;
  return {
    key,
    at: momentOf(sent['timestamp'], time.arrival) ?? time.at,
    count: Math.min(count, Number.MAX_SAFE_INTEGER),
    sum: decimal(sent['sum']),
    duration: decimal(sent['dur']),
    segmentation: segmentationOf(sent),
  };
}

function keyOf(sent: string): string {
  return wellFormed(sent).replace(/system\.|\.\.|\$/g, '');
}

function decimal(value: unknown): number | null {
  const number = numberOf(value);
  if (number === null) return null;
  const rounded = Math.round(number * 100_000) / 100_000;
  // Numbers too large to be shifted have no such decimals.
  return Number.isFinite(rounded) ? rounded || 0 : number;
}

function segmentationOf(sent: Readonly<Record<string, unknown>>): string | null {
  const given = givenSegments(sent);
  if (given === null) return null;
  // Without a prototype: a segment may have any name, `__proto__` too.
  const segments = Object.create(null) as Record<string, unknown>;
  let isEmpty = true;
  for (const name of Object.keys(given)) {
    const value = given[name];
    const cleaned = segmentName(name);
    const kept = Array.isArray(value) ? listOf(value) : valueText(value);
    if (cleaned === '' || kept === null) continue;
    segments[cleaned] = kept;
    isEmpty = false;
  }
  return isEmpty ? null : jsonText(segments);
}

function givenSegments({
  segmentation,
  seg_key: name,
  seg_val: value,
}: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> | null {
  const old = segmentation === undefined || segmentation === null;
  if (old && typeof name === 'string') return Object.fromEntries([[name, value]]);
  return isObject(segmentation) ? segmentation : null;
}

/** Arrays are kept with the row and not counted. */
function listOf(values: readonly unknown[]): readonly string[] {
  return values.flatMap((value) => valueText(value) ?? []);
}

/** As segments are named in the store: without leading dollars and without dots. */
export function segmentName(sent: string): string {
  return wellFormed(sent).replace(/^\$+/, '').replaceAll('.', '');
}
