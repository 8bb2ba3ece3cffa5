import { randomUUID } from 'node:crypto';
import type { Answer, Question } from '../../src/domain/question.ts';
import type { Result } from '../../src/domain/result.ts';
import { organizationId, type OrganizationId, type Scope } from '../../src/domain/scope.ts';
import type { StreamName } from '../../src/domain/streams/index.ts';
import type { BucketUnit, Bucketing } from '../../src/domain/time/buckets.ts';
import { epochMs, type EpochMs, type TimeRange } from '../../src/domain/time/instant.ts';
import { parseZone } from '../../src/domain/time/zones.ts';
import { fact, type FactValues } from '../../src/ingest/fact.ts';
import { createQuestions, type Questions } from '../../src/queries/ask/questions.ts';
import type { FactsStore } from '../../src/store/facts/facts-store.ts';
import { factsEngines, factsOf } from '../support/facts.ts';

/** A real, empty facts store and the questions asked of it; the clock stands at `NOW`. */
export interface World {
  readonly facts: FactsStore;
  readonly questions: Questions;
  /** A tenant of its own, so that tests do not see each other's rows. */
  newOrganization(): OrganizationId;
  insert(stream: StreamName, organization: OrganizationId, rows: readonly FactRow[]): Promise<void>;
  /** The answer; throws what `ask` returns as a problem. */
  ask(question: Asked): Promise<Answer>;
  refusal(question: Asked): Promise<unknown>;
}

/** `time` is RFC 3339 or milliseconds; the other fields are the stream's. */
export type FactRow = FactValues & { readonly time: string | number; readonly id?: string };

export type Asked = Omit<Question, 'dimensions' | 'filters' | 'bucket'> &
  Partial<Pick<Question, 'dimensions' | 'filters' | 'bucket'>>;

export const NOW = epochMs(Date.UTC(2025, 5, 2, 12));

/** A world for the tests of one `describe`; there in tests and hooks only. */
export function worldOf(engine: (typeof factsEngines)[number] = factsEngines[0]): World {
  const facts = factsOf(engine);
  const questions = (): Questions =>
    createQuestions({ facts: facts(), clock: { now: () => NOW }, barrier: () => Promise.resolve(NOW) });
  const put = (question: Asked): Promise<Result<Answer>> =>
    questions().ask({ dimensions: [], filters: [], bucket: null, ...question }, { tag: 'test' });
  let organizations = 0;
  return {
    get facts() {
      return facts();
    },
    get questions() {
      return questions();
    },
    newOrganization: () => organizationId(++organizations),
    async insert(stream, organization, rows) {
      for (let from = 0; from < rows.length; from += 100_000) {
        const lines = rows.slice(from, from + 100_000).map(({ time, id, ...values }) => {
          const at = typeof time === 'number' ? epochMs(time) : instant(time);
          return `${fact(stream, organization, at, values, id).line}\n`;
        });
        await facts().insert(stream, lines.join(''), { token: randomUUID(), rows: lines.length });
      }
    },
    async ask(question) {
      const result = await put(question);
      if (!result.ok) throw new Error(JSON.stringify(result.problem));
      return result.value;
    },
    async refusal(question) {
      const result = await put(question);
      return result.ok ? null : result.problem;
    },
  };
}

export function instant(rfc3339: string): EpochMs {
  const at = Date.parse(rfc3339);
  if (Number.isNaN(at)) throw new Error(`not a time: ${rfc3339}`);
  return epochMs(at);
}

export function range(from: string, to: string): TimeRange {
  return { from: instant(from), to: instant(to) };
}

export function bucket(unit: BucketUnit, zone = 'UTC', count = 1): Bucketing {
  const known = parseZone(zone);
  if (known === null) throw new Error(`no zone ${zone}`);
  return { unit, count, zone: known };
}

export function scope(...organizations: readonly OrganizationId[]): Scope {
  return { organizations };
}

/** Rows as `[bucket, ...dimensions, ...measures]`, the bucket left out when there is none. */
export function table({ rows }: Answer): unknown[][] {
  return rows.map((row) => [...(row.bucket < 0 ? [] : [row.bucket]), ...row.dimensions, ...row.measures]);
}
