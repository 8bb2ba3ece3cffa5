import { ProblemError } from '../../../../domain/problem.ts';
import type { Filter, Question } from '../../../../domain/question.ts';
import { bucketEdges } from '../../../../domain/time/buckets.ts';
import { UTC } from '../../../../domain/time/zones.ts';
import type { EpochMs } from '../../../../domain/time/instant.ts';
import type { DatedRow } from '../../../../queries/ask/questions.ts';
import { dayText, rangeOfDays } from '../date.ts';
import type { JobRequest, ResultHead } from '../job-request.ts';
import type { ReadName } from '../reads.ts';
import { wireNumber } from '../wire-number.ts';
import { callsQuestion, equals } from './question.ts';
import type { Run } from './run.ts';

type CountedRead = Exclude<ReadName, 'subscription' | 'usage'>;

/** One of the requests whose rows count calls by service and something else. */
interface Counted {
  /** By what they are counted besides the service. */
  readonly dimension: string;
  /** Largest or smallest count first, and only a window of the rows; else by date, and all of them. */
  readonly ranked: boolean;
  /** Null: over the whole range, without dates. */
  readonly marker: ((date: string) => string) | null;
  readonly absentAs?: Question['absentAs'];
  readonly filters: (request: JobRequest) => readonly Filter[];
  readonly row: (count: number | bigint, type: string, name: string, date: string) => string;
}

/** Keys in the order of contract 5.1. */
const COUNTED: Readonly<Record<CountedRead, Counted>> = {
  devices: {
    dimension: 'device',
    ranked: true,
    marker: dateOnly,
    absentAs: { device: 'unknown' },
    filters: () => [],
    row: (count, type, device, date) =>
      `{"count":${wireNumber(count)},"type":${JSON.stringify(type)},"device":${JSON.stringify(device)},"date":"${date}"}`,
  },
  url: {
    dimension: 'url',
    ranked: true,
    marker: null,
    filters: () => [],
    row: (count, type, url) => `{"url":${JSON.stringify(url)},"type":${JSON.stringify(type)},"count":"${count}"}`,
  },
  'http-statuses': {
    dimension: 'status',
    ranked: false,
    marker: dateAndNothing,
    filters: ({ httpStatusCode }) =>
      httpStatusCode === null
        ? [{ dimension: 'status', operator: 'not_in', values: [null] }]
        : [equals('status', httpStatusCode)],
    row: statusRow,
  },
  'hit-miss-ratio': {
    dimension: 'cache',
    ranked: false,
    marker: dateAndNothing,
    filters: ({ cache }) => [
      { dimension: 'cache', operator: 'in', values: cache === null ? ['HIT', 'MISS'] : [cache] },
    ],
    row: statusRow,
  },
  sdk: {
    dimension: 'sdk',
    ranked: true,
    marker: dateOnly,
    filters: () => [{ dimension: 'sdk', operator: 'not_in', values: [null] }],
    row: (count, type, sdk, date) =>
      `{"count":${wireNumber(count)},"type":${JSON.stringify(type)},"sdk":${JSON.stringify(sdk)},"date":"${date}"}`,
  },
};

function statusRow(count: number | bigint, type: string, status: string, date: string): string {
  return `{"count":${wireNumber(count)},"type":${JSON.stringify(type)},"status":${JSON.stringify(status)},"date":"${date}"}`;
}

function dateOnly(date: string): string {
  return `{"date":"${date}"}`;
}

function dateAndNothing(date: string): string {
  return `{"date":"${date}","count":0}`;
}

/** Text that a result keeps, in characters; with long names the rows end before there are too many of them. */
const MAX_LENGTH = 64 * 1024 * 1024;

/** Requests 2, 4, 5, 6 and 7. The rows are asked for once and in order, so that they are of one moment. */
export async function writeCounts(run: Run, read: CountedRead): Promise<ResultHead> {
  const { request, questions, context, maxRows, write } = run;
  const counted = COUNTED[read];
  const question = questionOf(run, counted);
  const lastBucket = counted.marker === null ? null : lastBucketOf(request);
  const skip = counted.ranked ? request.skip : 0;
  let seen = 0;
  let kept = 0;
  let length = 0;
  let total = 0n;
  let endsEmpty = true;
  let cut = false;
  const ask = { ...question, limit: maxRows + 1 };
  for await (const rows of questions.rows(ask, context)) {
    const texts: string[] = [];
    for (const row of rows) {
      if (seen === maxRows || length > MAX_LENGTH) {
        cut = true;
        break;
      }
      seen += 1;
      total += BigInt(row.measures[0] ?? 0);
      if (row.from === lastBucket) endsEmpty = false;
      if (seen <= skip) continue;
      const text = textOf(counted, row);
      length += text.length;
      texts.push(text);
    }
    kept += texts.length;
    await write(texts);
    if (cut) break;
  }
  if (cut && (!counted.ranked || kept < request.limit)) throw new ProblemError({ kind: 'query_limit', limit: 'rows' });
  const totals = cut ? await totalsOf(run, question) : { total, rows: seen };
  return {
    rows: kept,
    cut,
    totals: request.counted ? { total: wireNumber(totals.total), totalDocs: wireNumber(totals.rows) } : null,
    marker: endsEmpty && lastBucket !== null && counted.marker !== null ? counted.marker(dayText(lastBucket)) : null,
  };
}

function questionOf(run: Run, { dimension, ranked, marker, absentAs, filters }: Counted): Question {
  const direction = run.request.orderBy === 1 ? 'ascending' : 'descending';
  return callsQuestion(run, {
    measures: ['count'],
    dimensions: ['service', dimension],
    filters: filters(run.request),
    ...(marker === null ? { bucket: null } : {}),
    ...(absentAs === undefined ? {} : { absentAs }),
    ...(ranked ? { order: [{ by: 'count', direction }] } : {}),
  });
}

function textOf(counted: Counted, { measures, dimensions, from }: DatedRow): string {
  const [type, name] = dimensions;
  return counted.row(measures[0] ?? 0, String(type), String(name ?? ''), from === null ? '' : dayText(from));
}

/** Of rows that go beyond what is kept. */
async function totalsOf(
  { questions, context, request }: Run,
  question: Question,
): Promise<{ readonly total: bigint; readonly rows: number }> {
  if (!request.counted) return { total: 0n, rows: 0 };
  let total = 0n;
  const sum: Question = { ...question, bucket: null, dimensions: [], order: [], absentAs: {} };
  for await (const [row] of questions.rows(sum, context)) total += BigInt(row?.measures[0] ?? 0);
  return { total, rows: await questions.count(question, context) };
}

/** First instant of the bucket that holds the last day. */
function lastBucketOf({ from, to, duration }: JobRequest): EpochMs {
  const found = bucketEdges(rangeOfDays(from, to), { unit: duration, count: 1, zone: UTC }, to - from + 1);
  const start = found.ok ? found.edges.at(-2) : undefined;
  if (start === undefined) throw new RangeError('a range without buckets');
  return start;
}
