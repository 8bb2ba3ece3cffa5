import type { Question } from '../../domain/question.ts';
import type { Rollup, StreamDeclaration } from '../../domain/streams/index.ts';
import { epochMs, type EpochMs, type TimeRange } from '../../domain/time/instant.ts';
import { SLOT_MS } from '../../store/facts/rollups.ts';

/** Where the rows of an answer come from. The ranges of both sources together are the question's, each instant once. */
export interface Plan {
  readonly rollup: { readonly declaration: Rollup; readonly range: TimeRange } | null;
  readonly raw: readonly TimeRange[];
}

/**
 * The first rollup that covers the question answers for the whole slots inside its range; what sticks out at either end
 * (less than a slot each) comes from raw rows. Raw rows answer alone where a bucket begins inside a slot: buckets finer
 * than 15 minutes, and zones of the past whose offset was no multiple of 15 minutes.
 *
 * @param edges of the question's buckets; empty without buckets
 */
export function planOf(stream: StreamDeclaration, question: Question, edges: readonly EpochMs[]): Plan {
  const { range } = question;
  const inner = { from: ceilToSlot(range.from), to: floorToSlot(range.to) };
  const declaration = question.rollups === 'never' ? undefined : coveringRollup(stream, question);
  const aligned = edges.every((edge) => edge <= range.from || edge >= range.to || edge % SLOT_MS === 0);
  if (declaration === undefined || inner.from >= inner.to || !aligned) return { rollup: null, raw: [range] };
  const ends = [
    { from: range.from, to: inner.from },
    { from: inner.to, to: range.to },
  ];
  return { rollup: { declaration, range: inner }, raw: ends.filter(({ from, to }) => from < to) };
}

function coveringRollup(stream: StreamDeclaration, question: Question): Rollup | undefined {
  const needed = new Set([
    ...question.dimensions,
    ...question.filters.map(({ dimension }) => dimension),
    ...Object.keys(question.scope.only ?? {}),
  ]);
  needed.delete('organization');
  return stream.rollups.find(
    ({ dimensions, measures }) =>
      question.measures.every((measure) => measures.includes(measure)) &&
      [...needed].every((dimension) => dimensions.includes(dimension)),
  );
}

function floorToSlot(instant: EpochMs): EpochMs {
  return epochMs(Math.floor(instant / SLOT_MS) * SLOT_MS);
}

function ceilToSlot(instant: EpochMs): EpochMs {
  return epochMs(Math.ceil(instant / SLOT_MS) * SLOT_MS);
}
