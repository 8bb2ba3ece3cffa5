import type { Bucketing, BucketUnit } from '../../../domain/time/buckets.ts';

const GRAMMAR = /^([1-9][0-9]{0,4})([smhdwM])$/;

/** `m` and `M` differ by case. Larger counts are better told in the next unit. */
const UNITS: Readonly<Record<string, { readonly unit: BucketUnit; readonly most: number }>> = {
  s: { unit: 'second', most: 86_400 },
  m: { unit: 'minute', most: 1440 },
  h: { unit: 'hour', most: 24 },
  d: { unit: 'day', most: 366 },
  w: { unit: 'week', most: 52 },
  M: { unit: 'month', most: 12 },
};

/** `<#><time unit>` (contract 7.1), or why it is none. */
export function parseBucket(text: string): Omit<Bucketing, 'zone'> | { readonly reason: string } {
  const [, count, letter = ''] = GRAMMAR.exec(text) ?? [];
  const found = UNITS[letter];
  if (count === undefined || found === undefined) {
    return { reason: 'has to be a number and a unit out of s, m, h, d, w, M (months), e.g. 1h' };
  }
  if (Number(count) > found.most) return { reason: `may be at most ${found.most}${letter}` };
  return { unit: found.unit, count: Number(count) };
}
