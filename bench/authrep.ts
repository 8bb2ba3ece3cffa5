import autocannon from 'autocannon';
import { median, rounded, type Benchmark } from './support/measure.ts';
import { startBareServer, startTallyhouse, type Running } from './support/servers.ts';

const SECONDS = 6;
const ROUNDS = 3;
const CONNECTIONS = 64;
const APPLICATIONS = 200;

/** Applications of a plan with limits of two metrics, which the load does not use up. */
const DIRECTORY = `
organizations:
  - key: BENCH
    name: Bench
    provider: {provider_key: pk_bench}
    products:
      - id: 7
        system_name: api
        backend_version: "1"
        service_tokens: [st_bench]
        metrics: [{id: 11, system_name: hits, methods: [{id: 12, system_name: search}]}]
        plans:
          - {id: 3, system_name: limited, limits: [{metric: hits, period: day, value: 1000000000},
             {metric: hits, period: minute, value: 100000000}, {metric: search, period: month, value: 1000000000}]}
    accounts:
      - id: 17
        org_name: Bench
        users: [{id: 1, username: bench, email: bench@bench.example}]
        applications:
${Array.from({ length: APPLICATIONS }, (_, index) => `          - {id: ${index + 1}, product: api, plan: limited, name: App ${index}, user_key: uk_${index}}`).join('\n')}
`;

interface Load {
  readonly perSecond: number;
  readonly p99: number;
  readonly failed: number;
  /** Of the server, milliseconds for each request. */
  readonly cpuMs: number;
}

async function load({ url, cpuMs }: Running): Promise<Load> {
  let number = 0;
  const before = cpuMs();
  const result = await autocannon({
    url,
    connections: CONNECTIONS,
    duration: SECONDS,
    requests: [
      {
        setupRequest: (request: autocannon.Request) => {
          number += 1;
          const query = `service_token=st_bench&service_id=7&user_key=uk_${number % APPLICATIONS}&usage%5Bhits%5D=1`;
          return { ...request, path: `/transactions/authrep.xml?${query}` };
        },
      },
    ],
  });
  return {
    perSecond: result['2xx'] / result.duration,
    p99: result.latency.p99,
    failed: result.non2xx + result.errors + result.timeouts,
    cpuMs: (cpuMs() - before) / Math.max(1, result['2xx']),
  };
}

/** Calls that are judged by limits and counted, durable before the answer. */
export const authrep: Benchmark = {
  name: 'authrep',
  description: 'authrep of 200 applications with limits, counted and durable before the answer',
  async run(report) {
    const ours = await startTallyhouse({}, DIRECTORY);
    const bare = await startBareServer();
    try {
      await load(ours);
      const rounds: { ours: Load; bare: Load }[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        rounds.push({ ours: await load(ours), bare: await load(bare) });
      }
      const perSecond = median(rounds.map((round) => round.ours.perSecond));
      const baseline = median(rounds.map((round) => round.bare.perSecond));
      const ratio = median(rounds.map((round) => round.ours.perSecond / round.bare.perSecond));
      const cpuRatio = median(rounds.map((round) => round.bare.cpuMs / round.ours.cpuMs));
      const p99 = median(rounds.map((round) => round.ours.p99));
      const failed = rounds.reduce((sum, round) => sum + round.ours.failed, 0);
      const name = `authrep with limits, ${CONNECTIONS} connections`;
      report(
        `${name}: ${rounded(perSecond)}/s, ratio ${rounded(ratio)}, of CPU time ${rounded(cpuRatio)}, p99 ${p99} ms, ${failed} failed`,
      );
      return [
        {
          name,
          unit: 'requests/s',
          ours: rounded(perSecond),
          baseline: rounded(baseline),
          against: 'bare node:http',
          aim: { words: '>= 0.3 of the bare server, none failed', met: ratio >= 0.3 && failed === 0 },
          details: { ratio: rounded(ratio), cpuRatio: rounded(cpuRatio), p99Ms: p99, failed },
        },
      ];
    } finally {
      await ours.stop();
      await bare.stop();
    }
  },
};
