import { mkdirSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { createAccess, type Access, type SignOnOptions } from './access/access.ts';
import { assertNotHalfRestored } from './backup/half-restored.ts';
import type { Config, CoreConfig } from './config/config.ts';
import { startControl } from './control/control-server.ts';
import { controlSocket } from './control/socket.ts';
import type { Services } from './dialects/dialect.ts';
import { dialects } from './dialects/registry.ts';
import { createDirectory, type Directory } from './directory/directory.ts';
import { createProviderDirectory } from './directory/provider/provider-directory.ts';
import { createResources } from './directory/resources/resources.ts';
import { createPasswords } from './directory/secrets/passwords.ts';
import { createSealing } from './directory/secrets/sealing.ts';
import { clockStartingAt, systemClock, type Clock } from './domain/time/clock.ts';
import { HOUR_MS, SECOND_MS } from './domain/time/durations.ts';
import { mountDialect, type OpenApiDocument } from './http/dialect-scope.ts';
import { LOGIN_PATH } from './http/browser-paths.ts';
import { registerHealth } from './http/health.ts';
import { HttpMetrics } from './http/metrics.ts';
import { registerReference } from './http/reference.ts';
import { createServer } from './http/server.ts';
import { listen } from './http/startup.ts';
import { startIngest, type Ingest } from './ingest/ingest.ts';
import { ingestGauges, ingestObserver } from './ingest/metrics.ts';
import { createJobs, type Jobs } from './jobs/jobs.ts';
import { jobGauges, jobObserver } from './jobs/metrics.ts';
import { createQuestions } from './queries/ask/questions.ts';
import { createAudience } from './queries/audience/audience.ts';
import { createExports } from './queries/export/export.ts';
import { createLive } from './queries/live/live.ts';
import { createSeriesReads } from './queries/series/series.ts';
import { createTraffic } from './queries/traffic/traffic.ts';
import { createEngagementReports } from './reports/engagement/engagement.ts';
import { createMetering } from './metering/metering.ts';
import { createPresence } from './queries/presence/presence.ts';
import { createRetention } from './queries/retention/retention.ts';
import type { FactsStore } from './store/facts/facts-store.ts';
import { openFacts } from './store/facts/open-facts.ts';
import { openRecords } from './store/records/open-records.ts';
import type { Records } from './store/records/records.ts';
import { version } from './version.ts';

/** A running server. */
export interface App {
  readonly url: string;
  readonly records: Records;
  readonly facts: FactsStore;
  readonly directory: Directory;
  readonly access: Access;
  readonly ingest: Ingest;
  readonly clock: Clock;
  /** Refuses new requests, finishes running ones, loads what it can, closes both stores. Safe to call twice. */
  stop(): Promise<void>;
}

/** The composition root: the one place that sees every layer and puts them together. */
export async function startApp(config: Config, log: Logger): Promise<App> {
  const { core } = config;
  for (const warning of config.warnings) log.warn(warning);
  mkdirSync(core.dataDirectory, { recursive: true, mode: 0o700 });

  const clock = clockOf(core);
  const closers: (() => Promise<void>)[] = [];
  const stop = once(async () => {
    for (const close of closers.reverse()) await close();
  });

  try {
    const records = await openRecords(core.records, { log, flushBeside: true });
    closers.push(() => records.close());
    await records.migrate();
    await assertNotHalfRestored(records);
    const facts = await openFacts(core.facts, { log, concurrentReads: core.concurrentQueries });
    closers.push(() => facts.close());
    await migrateFacts(facts);
    closers.push(await openControl({ core, facts, records, log }));

    const registry = new Registry();
    collectDefaultMetrics({ register: registry });
    factsGauges(registry, facts);
    const ingest = await startIngest({
      records,
      facts,
      clock,
      observer: ingestObserver(registry, log),
      outboxLimitBytes: core.outboxBytes,
    });
    closers.push(() => ingest.stop());
    ingestGauges(registry, ingest);

    const sealing = createSealing({ secret: core.secret, dataDirectory: core.dataDirectory });
    const directory = await createDirectory({
      records,
      clock,
      sealing,
      instanceZone: core.zone,
      onError: (error) => log.warn({ err: error }, 'the directory cannot be looked at now'),
    });
    closers.push(() => directory.close());
    const passwords = createPasswords();
    const resources = createResources({ records, clock, passwords, sealing, refresh: () => directory.refresh() });
    const access = await createAccess({
      records,
      directory,
      clock,
      passwords,
      sealing,
      redisUrl: core.redis,
      onRedisTrouble: (error) => {
        if (error === null) log.info('Redis is back: rate limits are shared again');
        else log.warn({ err: error }, 'Redis is away: each node counts rate limits for itself');
      },
      signOn: signOnOf(core, log),
    });
    closers.push(() => access.close());
    const limits = { timeoutMs: core.querySeconds * 1000, maxMemoryBytes: core.queryMemoryBytes };
    const questions = createQuestions({ facts, clock, barrier: () => ingest.barrier(), limits });
    const series = createSeriesReads({ facts, barrier: () => ingest.barrier(), limits });
    // Their answers have no watermark that could tell what is missing.
    const complete = () => ingest.barrier(10_000);

    const jobs = openJobs({ records, clock, core, registry, log });
    closers.push(() => jobs.stop());

    const server = createServer({
      log,
      metrics: new HttpMetrics(registry),
      tls: tlsOf(core),
      trustProxy: core.trustProxy,
      bodyLimitBytes: core.bodyBytes,
    });
    closers.push(() => server.close());
    registerHealth(server, { registry, stores: { records: () => records.ping(), facts: () => facts.ping() } });
    const services: Services = {
      config: core,
      clock,
      log,
      access,
      directory,
      resources,
      providers: createProviderDirectory({ records, sealing }),
      ingest,
      questions,
      audience: createAudience({ facts, barrier: complete, limits }),
      presence: createPresence({ facts, records, clock, barrier: complete, limits }),
      retention: createRetention({ facts, barrier: complete, limits }),
      jobs,
      exports: createExports({ facts, barrier: () => ingest.barrier() }),
      live: createLive({ facts, clock }),
      metering: createMetering({ records, ingest, clock, source: 'threescale' }),
      traffic: createTraffic({ facts, barrier: () => ingest.barrier(), limits }),
      engagement: createEngagementReports({ db: records.db, series, clock }),
    };
    const documents = mountDialects(server, config, services);
    const logIn = access.singleSignOn !== null && documents.has('native') ? LOGIN_PATH : null;
    registerReference(server, { version, documents, logIn });

    await listen(server, { host: core.host, port: core.port });
    await jobs.start();
    return { url: urlOf(server, core), records, facts, directory, access, ingest, clock, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function openJobs(parts: { records: Records; clock: Clock; core: CoreConfig; registry: Registry; log: Logger }): Jobs {
  const { records, clock, core, registry, log } = parts;
  const jobs = createJobs({
    records,
    clock,
    limits: {
      active: core.jobsPerOrganization,
      bytes: core.jobBytes,
      retentionMs: core.jobHours * HOUR_MS,
      holdMs: core.jobHoldMs ?? 0,
    },
    timeoutMs: core.jobSeconds * SECOND_MS,
    observer: jobObserver(registry, log),
  });
  jobGauges(registry, jobs);
  return jobs;
}

/** Mounts the dialects that are switched on; returns the documents of their routes by name. */
function mountDialects(server: FastifyInstance, config: Config, services: Services): Map<string, OpenApiDocument> {
  const selection = config.core.dialects;
  const documents = new Map<string, OpenApiDocument>();
  for (const dialect of dialects) {
    const selected = selection === 'all' ? { hosts: [] } : selection.get(dialect.name);
    if (selected === undefined) continue;
    const { name, title, description, securitySchemes, values = {} } = dialect;
    const document = mountDialect(
      server,
      {
        name,
        title,
        description,
        securitySchemes,
        values,
        hosts: selected.hosts,
        register: (scope) => dialect.register(scope, services, config.of(dialect.settings)),
      },
      version,
    );
    documents.set(name, document);
  }
  return documents;
}

/** An embedded store is open in this process and no other, so commands beside it come here; returns how it ends. */
async function openControl(parts: {
  core: CoreConfig;
  facts: FactsStore;
  records: Records;
  log: Logger;
}): Promise<() => Promise<void>> {
  const { core, facts, records, log } = parts;
  if (!facts.capabilities.embedded) return async () => {};
  const socket = controlSocket(core.dataDirectory);
  if (socket === null) {
    log.warn('the name of TALLYHOUSE_DATA is too long for a socket: backup and doctor cannot work beside this server');
    return async () => {};
  }
  const control = await startControl({ socket, facts, records, log });
  return () => control.close();
}

async function migrateFacts(facts: FactsStore): Promise<void> {
  try {
    await facts.migrate();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`cannot prepare the facts store (TALLYHOUSE_FACTS): ${why}`, { cause });
  }
}

function clockOf(core: CoreConfig): Clock {
  return core.clock === undefined ? systemClock : clockStartingAt(core.clock);
}

/** All of them or none are set, as the configuration made sure. */
function signOnOf(core: CoreConfig, log: Logger): SignOnOptions | null {
  const { oidcIssuer, oidcClientId, oidcBaseUrl } = core;
  if (oidcIssuer === undefined || oidcClientId === undefined || oidcBaseUrl === undefined) return null;
  return {
    issuer: oidcIssuer,
    clientId: oidcClientId,
    clientSecret: core.oidcClientSecret,
    redirectUri: `${oidcBaseUrl}${LOGIN_PATH}/callback`,
    domains: core.oidcDomains,
    trustEmail: core.oidcTrustEmail,
    onTrouble: (failure, cause) => log.warn({ err: cause, failure }, 'log-in by the identity provider failed'),
  };
}

function tlsOf({ tlsCert, tlsKey }: CoreConfig): { certFile: string; keyFile: string } | null {
  return tlsCert === undefined || tlsKey === undefined ? null : { certFile: tlsCert, keyFile: tlsKey };
}

function urlOf(server: FastifyInstance, core: CoreConfig): string {
  const { port } = server.server.address() as AddressInfo;
  const host = core.host.includes(':') ? `[${core.host}]` : core.host;
  return `${core.tlsCert === undefined ? 'http' : 'https'}://${host}:${port}`;
}

function factsGauges(registry: Registry, facts: FactsStore): void {
  new Gauge({
    name: 'tallyhouse_facts_queries',
    help: 'Statements in the facts store by kind and state.',
    labelNames: ['kind', 'state'],
    registers: [registry],
    collect() {
      const { reads, streams, inserts } = facts.stats();
      for (const [kind, lane] of Object.entries({ reads, streams, inserts })) {
        this.set({ kind, state: 'running' }, lane.running);
        this.set({ kind, state: 'waiting' }, lane.waiting);
      }
    },
  });
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => (done ??= work());
}
