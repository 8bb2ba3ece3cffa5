import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { Random } from '../demo/random.ts';
import { DrillRequests, send, type DrillRequest } from './load.ts';
import { ServerProcess } from './server-process.ts';

export interface DrillOptions {
  readonly kills: number;
  readonly seed: number;
  readonly clients: number;
  /** A kill comes at a random moment up to this long after the server is ready, in milliseconds. */
  readonly longestRoundMs: number;
  readonly start: () => Promise<ServerProcess>;
  readonly key: string;
  readonly progress: (line: string) => void;
}

export interface DrillFigures {
  readonly kills: number;
  readonly acknowledgedRequests: number;
  readonly acknowledgedRows: number;
  /** Rows of requests that got no answer and could be sent again under their id or key. */
  readonly repeatedRows: number;
  /** Acknowledged rows that are not in the store. Must be 0. */
  readonly lost: number;
  /** Rows that are in the store more than once. Must be 0. */
  readonly countedTwice: number;
  /** Rows in the store that were never sent. Must be 0. */
  readonly unknown: number;
  /** Rows without id whose request got no answer: stored or not, both are right. */
  readonly unansweredStored: number;
  readonly unansweredNotStored: number;
  /** Acknowledged requests sent once more at the end, and how many of their rows were reported as duplicates. */
  readonly repeatsSent: number;
  readonly repeatsReported: number;
  /** What the pre-aggregated tables count; must equal the rows. */
  readonly rollupCount: number;
  readonly storedRows: number;
  readonly medianStartMs: number;
}

export function drillPassed(figures: DrillFigures): boolean {
  return (
    figures.lost === 0 &&
    figures.countedTwice === 0 &&
    figures.unknown === 0 &&
    figures.repeatsSent === figures.repeatsReported &&
    figures.rollupCount === figures.storedRows
  );
}

/** Kills the server at random moments under mixed load and compares what it acknowledged with what it has. */
export async function drill(options: DrillOptions): Promise<DrillFigures> {
  const random = new Random(options.seed);
  const acknowledged: DrillRequest[] = [];
  const unanswered: DrillRequest[] = [];
  const starts: number[] = [];
  let repeatedRows = 0;

  for (let round = 1; round <= options.kills; round += 1) {
    const server = await options.start();
    starts.push(server.startMs);
    // What the last kill left without answer is sent again, as a client would, amid the new load.
    const again = unanswered.splice(0).filter(repeatable(unanswered));
    repeatedRows += rowsOf(again);
    const killed = new AbortController();
    const clients = Array.from({ length: options.clients }, async (_, client) => {
      const requests = new DrillRequests(random, `r${round}c${client}`);
      while (!killed.signal.aborted) {
        const request = again.pop() ?? requests.next();
        const answer = await send(server.url, options.key, request);
        if (answer === null) unanswered.push(request);
        else acknowledged.push(request);
      }
    });
    await sleep(random.below(options.longestRoundMs));
    await server.kill();
    killed.abort();
    await Promise.all(clients);
    unanswered.push(...again);
    options.progress(`kill ${round}/${options.kills}: ${rowsOf(acknowledged)} rows acknowledged so far`);
  }

  const server = await options.start();
  starts.push(server.startMs);
  try {
    const again = unanswered.splice(0).filter(repeatable(unanswered));
    repeatedRows += rowsOf(again);
    for (const request of again) {
      if ((await send(server.url, options.key, request)) === null) throw new Error('a repeat got no answer');
      acknowledged.push(request);
    }
    const repeats = await repeatSome(server.url, options.key, acknowledged, random);
    const stored = await storedMarks(server.url, options.key);
    const expected = new Set(acknowledged.flatMap(({ marks }) => marks));
    const open = new Set(unanswered.flatMap(({ marks }) => marks));
    return {
      kills: options.kills,
      acknowledgedRequests: acknowledged.length,
      acknowledgedRows: expected.size,
      repeatedRows,
      lost: [...expected].filter((mark) => !stored.has(mark)).length,
      countedTwice: [...stored.values()].filter((times) => times > 1).length,
      unknown: [...stored.keys()].filter((mark) => !expected.has(mark) && !open.has(mark)).length,
      unansweredStored: [...open].filter((mark) => stored.has(mark)).length,
      unansweredNotStored: [...open].filter((mark) => !stored.has(mark)).length,
      repeatsSent: repeats.sent,
      repeatsReported: repeats.reported,
      rollupCount: await rollupCount(server.url, options.key),
      storedRows: [...stored.values()].reduce((sum, times) => sum + times, 0),
      medianStartMs: Math.round(starts.sort((a, b) => a - b)[Math.floor(starts.length / 2)] ?? 0),
    };
  } finally {
    await server.stop();
  }
}

/** Requests that may be sent again; the others are put back where the final comparison finds them. */
function repeatable(rest: DrillRequest[]): (request: DrillRequest) => boolean {
  return (request) => {
    if (request.kind !== 'row without id') return true;
    rest.push(request);
    return false;
  };
}

function rowsOf(requests: readonly DrillRequest[]): number {
  return requests.reduce((sum, { marks }) => sum + marks.length, 0);
}

async function repeatSome(
  url: string,
  key: string,
  acknowledged: readonly DrillRequest[],
  random: Random,
): Promise<{ sent: number; reported: number }> {
  let sent = 0;
  let reported = 0;
  const candidates = acknowledged.filter(({ kind }) => kind !== 'row without id');
  for (let count = 0; count < 200 && candidates.length > 0; count += 1) {
    const request = candidates[random.below(candidates.length)];
    if (request === undefined) continue;
    const answer = await send(url, key, request);
    sent += request.marks.length;
    reported += answer?.duplicate ?? 0;
  }
  return { sent, reported };
}

/** How often each mark is in the store, read back through an export. */
async function storedMarks(url: string, key: string): Promise<Map<string, number>> {
  const response = await fetch(`${url}/api/v1/export/requests?format=ndjson`, {
    headers: { authorization: `Bearer ${key}` },
  });
  if (response.status !== 200 || response.body === null) throw new Error(`the export answered ${response.status}`);
  const marks = new Map<string, number>();
  for await (const line of createInterface({ input: Readable.fromWeb(response.body) })) {
    if (line === '') continue;
    const { user } = JSON.parse(line) as { user: string };
    marks.set(user, (marks.get(user) ?? 0) + 1);
  }
  return marks;
}

async function rollupCount(url: string, key: string): Promise<number> {
  const response = await fetch(`${url}/api/v1/query`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      stream: 'requests',
      from: '2026-03-01T00:00:00Z',
      to: '2026-04-01T00:00:00Z',
      measures: ['count'],
    }),
  });
  const body = (await response.json()) as { rows?: { count: number }[] };
  const count = body.rows?.[0]?.count;
  if (count === undefined) throw new Error(`the query answered ${response.status}: ${JSON.stringify(body)}`);
  return count;
}
