import { describe, expect, test } from 'vitest';
import type { Question } from '../../../src/domain/question.ts';
import { ProblemError } from '../../../src/domain/problem.ts';
import { organizationId } from '../../../src/domain/scope.ts';
import { epochMs } from '../../../src/domain/time/instant.ts';
import { UTC } from '../../../src/domain/time/zones.ts';
import type { DatedRow } from '../../../src/queries/ask/questions.ts';
import { factsEngines } from '../../support/facts.ts';
import { worldOf } from '../world.ts';

const CONTEXT = { tag: 'test', timeoutMs: 30_000 };
const FROM = epochMs(Date.UTC(2024, 11, 30));
const TO = epochMs(Date.UTC(2025, 0, 8));

describe.each(factsEngines)('long answers from $name', (engine) => {
  const world = worldOf(engine);

  const read = async (question: Question): Promise<DatedRow[]> => {
    const rows: DatedRow[] = [];
    for await (const piece of world.questions.rows(question, CONTEXT)) rows.push(...piece);
    return rows;
  };

  const asked = (organization: number, fields: Partial<Question> = {}): Question => ({
    stream: 'requests',
    scope: { organizations: [organizationId(organization)] },
    range: { from: FROM, to: TO },
    bucket: { unit: 'week', count: 1, zone: UTC },
    measures: ['count', 'bytes'],
    dimensions: ['device'],
    filters: [],
    ...fields,
  });

  test('are the rows that a short one has, with the first instant of their bucket, however many there are', async () => {
    const organization = world.newOrganization();
    const lines = Array.from({ length: 40_000 }, (_, n) => ({
      time: FROM + (n % 8) * 86_400_000,
      service: 'cdn',
      device: `device ${n % 30_000} "\\\n😀`,
      count: n % 7,
      bytes: 9_007_199_254_740_991,
    }));
    await world.insert('requests', organization, lines);
    const question = asked(organization, { order: [{ by: 'count', direction: 'descending' }] });
    const short = await world.ask(question);
    const long = await read(question);
    expect(long.length).toBe(short.rows.length);
    expect(long.map(({ from: _, ...row }) => row)).toEqual(short.rows);
    expect(long.map(({ from }) => from)).toEqual(short.rows.map(({ bucket }) => short.buckets[bucket]?.from));
    const page = { ...question, limit: 10, offset: 5 };
    expect(await read(page)).toEqual(long.slice(5, 15));
  });

  test('may be left in the middle', async () => {
    const organization = world.newOrganization();
    const lines = Array.from({ length: 50_000 }, (_, n) => ({ time: FROM, service: 'cdn', device: `d${n}` }));
    await world.insert('requests', organization, lines);
    let seen = 0;
    for await (const piece of world.questions.rows(asked(organization), CONTEXT)) {
      seen += piece.length;
      break;
    }
    expect(seen).toBeGreaterThan(0);
    expect(seen).toBeLessThan(50_000);
  });

  test('count rows that lack a dimension under the text that is given for it', async () => {
    const organization = world.newOrganization();
    const at = { time: FROM, service: 'cdn' };
    await world.insert('requests', organization, [
      { ...at, count: 1 },
      { ...at, count: 2, device: 'unknown' },
      { ...at, count: 4, device: 'x' },
    ]);
    const question = asked(organization, { bucket: null, measures: ['count'], absentAs: { device: 'unknown' } });
    const expected = [
      [['unknown'], [3]],
      [['x'], [4]],
    ];
    expect((await read(question)).map(({ dimensions, measures }) => [dimensions, measures])).toEqual(expected);
    expect((await world.ask(question)).rows.map(({ dimensions, measures }) => [dimensions, measures])).toEqual(
      expected,
    );
    const filtered = { ...question, filters: [{ dimension: 'device', operator: 'in', values: ['unknown'] }] } as const;
    expect((await read(filtered)).map(({ measures }) => measures)).toEqual([[2]]);
  });

  test('are empty where there is nothing, and refuse what no question may be', async () => {
    const organization = world.newOrganization();
    expect(await read(asked(organization))).toEqual([]);
    expect(await read({ ...asked(organization), scope: { organizations: [] } })).toEqual([]);
    expect(
      (await read(asked(organization, { bucket: null, dimensions: [] }))).map(({ measures, from }) => [measures, from]),
    ).toEqual([[[0, 0], null]]);
    for (const [fields, field] of [
      [{ measures: ['nothing'] }, 'measures[0]'],
      [{ absentAs: { status: 'x' } }, 'absentAs.status'],
      [{ absentAs: { device: '' } }, 'absentAs.device'],
    ] as const) {
      const failure = await read(asked(organization, fields)).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(ProblemError);
      expect((failure as ProblemError).problem).toMatchObject({ kind: 'invalid_field', field });
    }
  });
});
