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
  return elements.flatMap((element) => (isObject(element) ? eventOf(element, time) : []));
}

function eventOf(sent: Readonly<Record<string, unknown>>, time: { at: EpochMs; arrival: EpochMs }): SentEvent[] {
  const key = typeof sent['key'] === 'string' ? keyOf(sent['key']) : '';
  const count = Math.trunc(numberOf(sent['count']) ?? 0);
  if (key === '' || key.length >= KEY_END || count < 1) return [];
  return [
    {
      key,
      at: momentOf(sent['timestamp'], time.arrival) ?? time.at,
      count: Math.min(count, Number.MAX_SAFE_INTEGER),
      sum: decimal(sent['sum']),
      duration: decimal(sent['dur']),
      segmentation: segmentationOf(sent),
    },
  ];
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
  const segments = new Map<string, unknown>();
  const old = sent['segmentation'] === undefined || sent['segmentation'] === null;
  const given =
    old && typeof sent['seg_key'] === 'string'
      ? [[sent['seg_key'], sent['seg_val']] as const]
      : entriesOf(sent['segmentation']);
  for (const [name, value] of given) {
    const cleaned = segmentName(name);
    const kept = Array.isArray(value) ? listOf(value) : valueText(value);
    if (cleaned !== '' && kept !== null) segments.set(cleaned, kept);
  }
  return segments.size === 0 ? null : jsonText(Object.fromEntries(segments));
}

function entriesOf(segmentation: unknown): readonly (readonly [string, unknown])[] {
  return isObject(segmentation) ? Object.entries(segmentation) : [];
}

/** Arrays are kept with the row and not counted. */
function listOf(values: readonly unknown[]): readonly string[] {
  return values.flatMap((value) => valueText(value) ?? []);
}

/** As segments are named in the store: without leading dollars and without dots. */
export function segmentName(sent: string): string {
  return wellFormed(sent).replace(/^\$+/, '').replaceAll('.', '');
}
