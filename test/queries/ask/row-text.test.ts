import { describe, expect, test } from 'vitest';
import type { Question } from '../../../src/domain/question.ts';
import { organizationId } from '../../../src/domain/scope.ts';
import { epochMs, type EpochMs } from '../../../src/domain/time/instant.ts';
import { UTC } from '../../../src/domain/time/zones.ts';
import type { ReadContext } from '../../../src/queries/ask/questions.ts';
import type { RowText, TextRows, WholeAnswer } from '../../../src/queries/ask/row-text.ts';
import { createQuestions, type Questions } from '../../../src/queries/ask/questions.ts';
import { FactsError } from '../../../src/store/facts/facts-error.ts';
import type { FactsStore } from '../../../src/store/facts/facts-store.ts';
import { factsEngines } from '../../support/facts.ts';
import { worldOf } from '../world.ts';

const CONTEXT: ReadContext = { tag: 'test', timeoutMs: 30_000 };
const FROM = epochMs(Date.UTC(2024, 11, 30));
const TO = epochMs(Date.UTC(2025, 0, 8));
const MAX_INT32 = 2_147_483_647;

const dateOf = (from: EpochMs): string => new Date(from).toISOString().slice(0, 10);
const FORM: RowText = [
  '{"d":',
  { dimension: 'device' },
  ',"s":',
  { dimension: 'status' },
  ',"n":',
  { measure: 'count', quotedAbove: MAX_INT32 },
  ',"t":"',
  { measure: 'count', quotedAbove: null },
  '","at":"',
  { bucket: dateOf },
  '"}',
];

async function gathered(pieces: AsyncIterable<TextRows>): Promise<{ texts: string[]; all: WholeAnswer | null }> {
  const texts: string[] = [];
  let whole: WholeAnswer | null = null;
  for await (const { texts: some, all } of pieces) {
    texts.push(...some);
    whole = all;
  }
  return { texts, all: whole };
}

describe.each(factsEngines)('rows as texts from $name', (engine) => {
  const world = worldOf(engine);

  const asked = (organization: number, fields: Partial<Question> = {}): Question => ({
    stream: 'requests',
    scope: { organizations: [organizationId(organization)] },
    range: { from: FROM, to: TO },
    bucket: { unit: 'week', count: 1, zone: UTC },
    measures: ['count'],
    dimensions: ['device', 'status'],
    filters: [],
    order: [{ by: 'count', direction: 'descending' }],
    ...fields,
  });

  test('have the values in their places, absent ones empty, large numbers in quotation marks', async () => {
    const organization = world.newOrganization();
    const at = { time: FROM + 86_400_000, service: 'cdn' };
    await world.insert('requests', organization, [
      { ...at, device: 'a "\\\t\n/\u001f\u2028😀\u007f', status: 404, count: MAX_INT32 + 1 },
      { ...at, count: MAX_INT32, device: 'b', time: FROM + 7 * 86_400_000 },
    ]);
    const { texts, all } = await gathered(world.questions.texts(asked(organization), FORM, CONTEXT));
    expect(texts.map((text): unknown => JSON.parse(text))).toEqual([
      { d: 'a "\\\t\n/\u001f\u2028😀\u007f', s: '404', n: '2147483648', t: '2147483648', at: '2024-12-30' },
      { d: 'b', s: '', n: 2147483647, t: '2147483647', at: '2025-01-06' },
    ]);
    expect(texts[1]).toBe('{"d":"b","s":"","n":2147483647,"t":"2147483647","at":"2025-01-06"}');
    expect(all).toEqual({ rows: 2, sum: 4_294_967_295n, lastBucket: epochMs(Date.UTC(2025, 0, 6)) });
    const whole = asked(organization, { bucket: null });
    const totals = await gathered(world.questions.texts(whole, FORM.slice(0, 2), CONTEXT));
    expect(totals.texts).toEqual([texts[0]?.slice(0, texts[0].indexOf(',"s"')), '{"d":"b"']);
    expect(totals.all?.lastBucket).toBe(null);
  });

  test('are those that rows has, in its order, and know of all rows beyond the limit', async () => {
    const organization = world.newOrganization();
    const lines = Array.from({ length: 40_000 }, (_, n) => ({
      time: FROM + (n % 8) * 86_400_000,
      service: 'cdn',
      device: `device ${n % 30_000}`,
      count: 1 + (n % 7),
    }));
    await world.insert('requests', organization, lines);
    const question = asked(organization);
    const expected: string[] = [];
    for await (const rows of world.questions.rows(question, CONTEXT)) {
      for (const { dimensions, measures, from } of rows) {
        const date = from === null ? '' : dateOf(from);
        expected.push(`{"d":"${dimensions[0]}","s":"","n":${measures[0]},"t":"${measures[0]}","at":"${date}"}`);
      }
    }
    const sum = BigInt(lines.reduce((total, { count }) => total + count, 0));
    const all = { rows: expected.length, sum, lastBucket: epochMs(Date.UTC(2025, 0, 6)) };
    expect(await gathered(world.questions.texts(question, FORM, CONTEXT))).toEqual({ texts: expected, all });
    const page = { ...question, limit: 20_000, offset: 5 };
    expect(await gathered(world.questions.texts(page, FORM, CONTEXT))).toEqual({
      texts: expected.slice(5, 20_005),
      all,
    });

    // The same where memory does not suffice for all rows at once.
    const onDisk = withoutMemory(world.facts);
    expect(await gathered(onDisk.questions.texts(page, FORM, CONTEXT))).toEqual({
      texts: expected.slice(5, 20_005),
      all,
    });
    expect(onDisk.refused).toBe(1);
  });

  test('are none where there is nothing', async () => {
    const organization = world.newOrganization();
    expect(await gathered(world.questions.texts(asked(organization), FORM, CONTEXT))).toEqual({ texts: [], all: null });
    const nobody = { ...asked(organization), scope: { organizations: [] } };
    expect(await gathered(world.questions.texts(nobody, FORM, CONTEXT))).toEqual({ texts: [], all: null });
    expect(await gathered(withoutMemory(world.facts).questions.texts(asked(organization), FORM, CONTEXT))).toEqual({
      texts: [],
      all: null,
    });
  });
});

/** Questions to a store that has no memory for what is asked of it in memory. */
function withoutMemory(facts: FactsStore): { readonly questions: Questions; readonly refused: number } {
  let refused = 0;
  const store = new Proxy(facts, {
    get(target, name) {
      if (name === 'stream') {
        return (...[sql, format, options]: Parameters<FactsStore['stream']>) => {
          if (options.inMemory !== true) return target.stream(sql, format, options);
          refused += 1;
          return Promise.reject(new FactsError('memory', 'not enough'));
        };
      }
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
  const now = epochMs(Date.UTC(2025, 5, 1));
  const questions = createQuestions({ facts: store, clock: { now: () => now }, barrier: () => Promise.resolve(now) });
  return {
    questions,
    get refused() {
      return refused;
    },
  };
}
