import { existsSync } from 'node:fs';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { text } from 'node:stream/consumers';
import { connectRedis } from '../access/redis.ts';
import { ConfigError, readConfig, redact, type Config, type CoreConfig } from '../config/config.ts';
import { findServer } from '../control/control-client.ts';
import { reportOnFacts } from '../control/facts-report.ts';
import { controlSocket } from '../control/socket.ts';
import { dialects } from '../dialects/registry.ts';
import { examine, type Closed, type FactsSource, type Patient } from '../doctor/examine.ts';
import { failure, type Finding } from '../doctor/finding.ts';
import { FactsError } from '../store/facts/facts-error.ts';
import { openFacts } from '../store/facts/open-facts.ts';
import { openRecords } from '../store/records/open-records.ts';
import type { Records } from '../store/records/records.ts';
import { version } from '../version.ts';
import { CliError, type CliCommand, type Terminal } from './command.ts';
import { embeddedPath, storePlaces } from './store-places.ts';

const ANSWER_MS = 3_000;

/** `tallyhouse doctor`: checks everything and says what to do; exit code 1 when something is broken. */
export const doctorCommand: CliCommand = (program, terminal) => {
  program
    .command('doctor')
    .description('check settings, stores, disk and the balance of the books, also beside a running server')
    .option('--json', 'print the findings as JSON')
    .action(async ({ json }: { json?: true }) => {
      const findings = await diagnose(terminal);
      const failed = findings.filter(({ state }) => state === 'fail').length;
      terminal.stdout.write(json === true ? asJson(findings, failed) : asText(findings));
      if (failed > 0) throw new CliError(`${failed} of ${findings.length} checks failed`);
    });
};

async function diagnose(terminal: Terminal): Promise<Finding[]> {
  let config: Config;
  try {
    config = readConfig(
      terminal.env,
      dialects.map((dialect) => dialect.settings),
    );
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message.split('\n').map((line) => failure('settings', line, 'correct the setting'));
  }
  const { core, keyFile, clock } = storePlaces(terminal);
  const closers: (() => Promise<void>)[] = [];
  try {
    const patient: Patient = {
      config: core,
      warnings: config.warnings,
      keyFile,
      now: () => clock.now(),
      node: { version: process.version, zoneData: process.versions['tz'] ?? 'unknown' },
      places: { facts: redact(core.facts), records: redact(core.records) },
      records: await openedRecords(core, closers),
      facts: await openedFacts(core, closers),
      server: await askServer(core),
      redis: core.redis === undefined ? null : pingOf(core.redis),
    };
    return await examine(patient);
  } finally {
    for (const close of closers.reverse()) await close();
  }
}

async function openedRecords(core: CoreConfig, closers: (() => Promise<void>)[]): Promise<Records | Closed> {
  const missing = missingStore(core.records);
  if (missing !== null) return missing;
  try {
    const records = await openRecords(core.records);
    closers.push(() => records.close());
    return records;
  } catch (error) {
    return { error, state: 'unreachable' };
  }
}

async function openedFacts(core: CoreConfig, closers: (() => Promise<void>)[]): Promise<FactsSource | Closed> {
  const missing = missingStore(core.facts);
  if (missing !== null) return missing;
  try {
    const socket = embeddedPath(core.facts) === null ? null : controlSocket(core.dataDirectory);
    const server = socket === null ? null : await findServer(socket);
    if (server !== null) return { how: 'through the server', report: (probes) => server.report(probes) };
    const facts = await openFacts(core.facts);
    closers.push(() => facts.close());
    return {
      how: facts.capabilities.embedded ? 'no server has it open' : 'served',
      report: (probes) => reportOnFacts(facts, probes),
    };
  } catch (error) {
    const inUse = error instanceof FactsError && error.inUse;
    return { error, state: inUse ? 'in use' : 'unreachable' };
  }
}

/** Opening an embedded store would make it. */
function missingStore(url: string): Closed | null {
  const path = embeddedPath(url);
  if (path === null || existsSync(path)) return null;
  return { error: new Error(`there is no store at ${path}`), state: 'absent' };
}

/** `/readyz` of the server that the settings describe, on this machine. */
async function askServer(core: CoreConfig): Promise<Patient['server']> {
  if (core.port === 0) return null;
  const secure = core.tlsCert !== undefined;
  const host = core.host === '0.0.0.0' ? '127.0.0.1' : core.host === '::' ? '::1' : core.host;
  const url = `${secure ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${core.port}`;
  return new Promise((resolve) => {
    // Whether clients trust its certificate is another question.
    const options = { timeout: ANSWER_MS, rejectUnauthorized: false };
    const request = (secure ? requestHttps : requestHttp)(`${url}/readyz`, options, (response) => {
      text(response).then(
        (body) => resolve({ url, ready: response.statusCode === 200, says: body.slice(0, 200) }),
        () => resolve(null),
      );
    });
    request.once('timeout', () => request.destroy());
    request.once('error', () => resolve(null));
    request.end();
  });
}

function pingOf(url: string): () => Promise<void> {
  return async () => {
    let trouble: Error | null = null;
    const redis = await connectRedis(url, (error) => {
      trouble = error;
    });
    const deadline = performance.now() + ANSWER_MS;
    try {
      while (!isReady(redis.client) && performance.now() < deadline) {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      if (!isReady(redis.client)) throw trouble ?? new Error(`Redis did not answer within ${ANSWER_MS} ms`);
    } finally {
      await redis.close();
    }
  };
}

function isReady(client: object): boolean {
  return 'isReady' in client && client.isReady === true;
}

function asText(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ check }) => check.length));
  const lines = findings.flatMap(({ check, state, says, advice }) => {
    const line = `${state.padEnd(4)}  ${check.padEnd(width)}  ${says}`;
    return advice === null ? [line] : [line, `${' '.repeat(8 + width)}-> ${advice}`];
  });
  return `${lines.join('\n')}\n`;
}

function asJson(findings: readonly Finding[], failed: number): string {
  return `${JSON.stringify({ version, healthy: failed === 0, checks: findings }, null, 2)}\n`;
}
