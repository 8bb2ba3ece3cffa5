import { expect, test } from 'vitest';
import { organizationId } from '../../src/domain/scope.ts';
import { epochMs } from '../../src/domain/time/instant.ts';
import { createQuestions, type Questions } from '../../src/queries/ask/questions.ts';
import { createExports } from '../../src/queries/export/export.ts';
import { FactsError, type FactsErrorKind } from '../../src/store/facts/facts-error.ts';
import type { FactsStore } from '../../src/store/facts/facts-store.ts';
import { RecordsError } from '../../src/store/records/records-error.ts';
import { instant, range, scope } from './world.ts';

const question = {
  stream: 'requests',
  scope: scope(organizationId(1)),
  range: range('2025-06-02', '2025-06-03'),
  bucket: null,
  measures: ['count'],
  dimensions: [],
  filters: [],
} as const;
const clock = { now: () => instant('2025-06-02T12:00:00Z') };

function questionsOf(error: Error): Questions {
  const facts = { query: () => Promise.reject(error) } as unknown as FactsStore;
  return createQuestions({ facts, clock, barrier: () => Promise.resolve(epochMs(0)) });
}

test.each<[FactsErrorKind, object]>([
  ['memory', { kind: 'query_limit', limit: 'memory' }],
  ['timeout', { kind: 'query_limit', limit: 'time' }],
  ['too_many_rows', { kind: 'query_limit', limit: 'rows' }],
  ['overloaded', { kind: 'overloaded', retryAfterMs: 1_000 }],
  ['unavailable', { kind: 'facts_unavailable' }],
  ['disk_full', { kind: 'facts_unavailable' }],
])('the store’s %s is a problem of the question', async (kind, problem) => {
  const asked = await questionsOf(new FactsError(kind, 'no')).ask(question, { tag: 'test' });
  expect(asked).toEqual({ ok: false, problem });
});

test.each<FactsErrorKind>(['aborted', 'rejected'])('%s is thrown: the caller’s own doing, or a bug', async (kind) => {
  await expect(questionsOf(new FactsError(kind, 'no')).ask(question, { tag: 'test' })).rejects.toThrow('no');
});

test('an outage of the records store while waiting for rows on their way', async () => {
  const barrier = (): Promise<never> => Promise.reject(new RecordsError('unavailable', 'no file'));
  const facts = {} as FactsStore;
  const problem = { ok: false, problem: { kind: 'records_unavailable' } };
  expect(await createQuestions({ facts, clock, barrier }).ask(question, { tag: 'test' })).toEqual(problem);
  const exports = createExports({ facts, barrier });
  const wanted = { ...question, format: 'csv', organizations: new Map() } as const;
  expect(await exports.open(wanted, { tag: 'test' })).toEqual(problem);
});

test('only a fresh question waits; the others carry the last watermark known', async () => {
  let waited = 0;
  const facts = { query: () => Promise.resolve([]) } as unknown as FactsStore;
  const barrier = (): Promise<ReturnType<typeof epochMs>> => Promise.resolve(epochMs(++waited * 1_000));
  const questions = createQuestions({ facts, clock, barrier });
  const watermark = async (fresh?: boolean): Promise<unknown> => {
    const asked = await questions.ask(question, { tag: 'test', ...(fresh === undefined ? {} : { fresh }) });
    return asked.ok ? asked.value.watermark : asked.problem;
  };
  expect([await watermark(false), await watermark(), await watermark(false), await watermark(true)]).toEqual([
    0, 1_000, 1_000, 2_000,
  ]);
});
