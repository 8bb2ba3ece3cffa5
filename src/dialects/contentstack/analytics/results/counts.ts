import { ProblemError } from '../../../../domain/problem.ts';
import type { Filter, Question } from '../../../../domain/question.ts';
import { bucketEdges } from '../../../../domain/time/buckets.ts';
import { UTC } from '../../../../domain/time/zones.ts';
import type { EpochMs } from '../../../../domain/time/instant.ts';
import type { RowText, WholeAnswer } from '../../../../queries/ask/row-text.ts';
import { dayText, rangeOfDays } from '../date.ts';
import type { JobRequest, ResultHead } from '../job-request.ts';
import type { ReadName } from '../reads.ts';
import { LARGEST_NUMBER, wireNumber } from '../wire-number.ts';
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
  readonly row: RowText;
}

const COUNT = { measure: 'count', quotedAbove: LARGEST_NUMBER } as const;
const TYPE = { dimension: 'service' } as const;
const DATE = { bucket: dayText } as const;

/** Keys in the order of contract 5.1. */
const COUNTED: Readonly<Record<CountedRead, Counted>> = {
  devices: {
    dimension: 'device',
    ranked: true,
    marker: dateOnly,
    absentAs: { device: 'unknown' },
    filters: () => [],
    row: ['{"count":', COUNT, ',"type":', TYPE, ',"device":', { dimension: 'device' }, ',"date":"', DATE, '"}'],
  },
  url: {
    dimension: 'url',
    ranked: true,
    marker: null,
    filters: () => [],
    row: [
      '{"url":',
      { dimension: 'url' },
      ',"type":',
      TYPE,
      ',"count":"',
      { measure: 'count', quotedAbove: null },
      '"}',
    ],
  },
  'http-statuses': {
    dimension: 'status',
    ranked: false,
    marker: dateAndNothing,
    filters: ({ httpStatusCode }) =>
      httpStatusCode === null
        ? [{ dimension: 'status', operator: 'not_in', values: [null] }]
        : [equals('status', httpStatusCode)],
    row: statusRow('status'),
  },
  'hit-miss-ratio': {
    dimension: 'cache',
    ranked: false,
    marker: dateAndNothing,
    filters: ({ cache }) => [
      { dimension: 'cache', operator: 'in', values: cache === null ? ['HIT', 'MISS'] : [cache] },
    ],
    row: statusRow('cache'),
  },
  sdk: {
    dimension: 'sdk',
    ranked: true,
    marker: dateOnly,
    filters: () => [{ dimension: 'sdk', operator: 'not_in', values: [null] }],
    row: ['{"count":', COUNT, ',"type":', TYPE, ',"sdk":', { dimension: 'sdk' }, ',"date":"', DATE, '"}'],
  },
};

function statusRow(dimension: string): RowText {
  return ['{"count":', COUNT, ',"type":', TYPE, ',"status":', { dimension }, ',"date":"', DATE, '"}'];
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
  const question = { ...questionOf(run, counted), limit: maxRows };
  let skip = counted.ranked ? request.skip : 0;
  let kept = 0;
  let length = 0;
  let whole: WholeAnswer = { rows: 0, sum: 0n, lastBucket: null };
  let cut = false;
  for await (const { texts, all } of questions.texts(question, counted.row, context)) {
    whole = all;
    cut ||= all.rows > maxRows;
    if (cut && !counted.ranked) break;
    const piece: string[] = [];
    for (const text of texts.slice(skip)) {
      cut ||= length > MAX_LENGTH;
      if (length > MAX_LENGTH) break;
      length += text.length;
      piece.push(text);
    }
    skip = Math.max(0, skip - texts.length);
    kept += piece.length;
    await write(piece);
    if (length > MAX_LENGTH && cut) break;
  }
  if (cut && (!counted.ranked || kept < request.limit)) throw new ProblemError({ kind: 'query_limit', limit: 'rows' });
  return {
    rows: kept,
    cut,
    totals: request.counted ? { total: wireNumber(whole.sum), totalDocs: wireNumber(whole.rows) } : null,
    marker: markerOf(counted, request, whole),
  };
}

/** The last bucket is always there, with nothing in it if need be. */
function markerOf({ marker }: Counted, request: JobRequest, { lastBucket }: WholeAnswer): string | null {
  if (marker === null) return null;
  const last = lastBucketOf(request);
  return lastBucket === last ? null : marker(dayText(last));
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

/** First instant of the bucket that holds the last day. */
function lastBucketOf({ from, to, duration }: JobRequest): EpochMs {
  const found = bucketEdges(rangeOfDays(from, to), { unit: duration, count: 1, zone: UTC }, to - from + 1);
  const start = found.ok ? found.edges.at(-2) : undefined;
  if (start === undefined) throw new RangeError('a range without buckets');
  return start;
}
