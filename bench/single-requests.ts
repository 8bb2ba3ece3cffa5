import autocannon from 'autocannon';
import { median, rounded, type Benchmark, type Measurement } from './support/measure.ts';
import { requestRow } from './support/rows.ts';
import { KEY, startBareServer, startTallyhouse } from './support/servers.ts';

const SECONDS = 6;
const ROUNDS = 3;

interface Load {
  readonly perSecond: number;
  readonly p99: number;
  readonly failed: number;
}

let number = 0;

async function load(url: string, connections: number, withId: boolean): Promise<Load> {
  const result = await autocannon({
    url: `${url}/api/v1/facts/requests`,
    method: 'POST',
    connections,
    duration: SECONDS,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${KEY}` },
    body: `[${requestRow(1, false)}]`,
    ...(withId
      ? {
          requests: [
            {
              setupRequest: (request: autocannon.Request) => {
                number += 1;
                return { ...request, body: `[${requestRow(number, true)}]` };
              },
            },
          ],
        }
      : {}),
  });
  return {
    perSecond: result['2xx'] / result.duration,
    p99: result.latency.p99,
    failed: result.non2xx + result.errors + result.timeouts,
  };
}

/** Durable single requests against a server that only reads, parses and answers. */
export const singleRequests: Benchmark = {
  name: 'single-requests',
  description: 'POST of one row of about 300 bytes, durable before the answer',
  async run(report) {
    const measurements: Measurement[] = [];
    const ours = await startTallyhouse();
    const bare = await startBareServer();
    try {
      await load(ours.url, 16, false);
      for (const [connections, withId, aim] of [
        [16, false, 0.35],
        [64, false, 0.5],
        [64, true, null],
      ] as const) {
        const rounds: { ours: Load; bare: Load }[] = [];
        for (let round = 0; round < ROUNDS; round += 1) {
          rounds.push({
            ours: await load(ours.url, connections, withId),
            bare: await load(bare.url, connections, withId),
          });
        }
        const perSecond = median(rounds.map((round) => round.ours.perSecond));
        const baseline = median(rounds.map((round) => round.bare.perSecond));
        const ratio = median(rounds.map((round) => round.ours.perSecond / round.bare.perSecond));
        const p99 = median(rounds.map((round) => round.ours.p99));
        const failed = rounds.reduce((sum, round) => sum + round.ours.failed, 0);
        const name = `single requests, ${connections} connections${withId ? ', each with an id' : ''}`;
        report(`${name}: ${rounded(perSecond)}/s, ratio ${rounded(ratio)}, p99 ${p99} ms, ${failed} failed`);
        measurements.push({
          name,
          unit: 'requests/s',
          ours: rounded(perSecond),
          baseline: rounded(baseline),
          against: 'bare node:http',
          ...(aim === null
            ? {}
            : {
                aim: {
                  words: `>= ${aim} of the bare server, p99 under 60 ms, none failed`,
                  met: ratio >= aim && p99 < 60 && failed === 0,
                },
              }),
          details: { ratio: rounded(ratio), p99Ms: p99, failed },
        });
      }
    } finally {
      await ours.stop();
      await bare.stop();
    }
    return measurements;
  },
};
