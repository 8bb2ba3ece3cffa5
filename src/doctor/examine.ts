import type { CoreConfig } from '../config/config.ts';
import type { FactsReport, ZoneProbe } from '../control/facts-report.ts';
import { streamNames } from '../domain/streams/index.ts';
import type { EpochMs } from '../domain/time/instant.ts';
import type { Records } from '../store/records/records.ts';
import { checkFacts, checkZones, zoneProbes } from './facts.ts';
import { failure, fine, messageOf, warning, type Finding } from './finding.ts';
import { checkBalance, checkClock, checkOutcomes, readBooks } from './ledger.ts';
import { checkCertificate, checkDataDirectory, checkKey, checkNode } from './machine.ts';
import { checkOutbox } from './outbox.ts';
import { checkRecords, unreachable } from './records.ts';

/** The facts, asked of the store or of the server that has it open. */
export interface FactsSource {
  /** For people: `through the server`, … */
  readonly how: string;
  report(probes: readonly ZoneProbe[]): Promise<FactsReport>;
}

/** A store that could not be opened. */
export interface Closed {
  readonly error: unknown;
  /** `in use`: another process has it, and nothing is wrong with the store. */
  readonly state: 'absent' | 'in use' | 'unreachable';
}

export interface Patient {
  readonly config: CoreConfig;
  /** Of the configuration: variables that name no setting. */
  readonly warnings: readonly string[];
  readonly keyFile: string;
  readonly now: () => EpochMs;
  readonly node: { readonly version: string; readonly zoneData: string };
  /** URLs of the stores, without passwords. */
  readonly places: { readonly facts: string; readonly records: string };
  readonly records: Records | Closed;
  readonly facts: FactsSource | Closed;
  /** What the server at the configured address says of itself; null when none answers. */
  readonly server: { readonly url: string; readonly ready: boolean; readonly says: string } | null;
  /** Rejects when Redis does not answer; null when there is none. */
  readonly redis: (() => Promise<void>) | null;
}

/** Looks at everything an installation consists of and changes nothing. Works beside a running server and without. */
export async function examine(patient: Patient): Promise<Finding[]> {
  const { config, records, facts, places, now } = patient;
  const findings: Finding[] = [
    checkNode(patient.node.version),
    ...checkSettings(patient),
    ...(await checkDataDirectory(config)),
    checkKey(patient.keyFile, config.secret),
  ];
  const certificate = checkCertificate(config, now());
  if (certificate !== null) findings.push(certificate);
  findings.push(checkServer(patient), ...(await checkRedis(patient)));

  if ('error' in records) {
    findings.push(closed('records', records));
    findings.push(...(await checkFactsAlone(patient)));
    return findings;
  }
  const { usable, findings: found } = await checkRecords(records, places.records);
  findings.push(...found);
  if (!usable) return [...findings, ...(await checkFactsAlone(patient))];
  findings.push(...(await checkOutbox(records, config.outboxBytes, now())));
  if ('error' in facts) findings.push(closed('facts', facts));
  const source = 'error' in facts ? null : facts;
  const before = source === null ? null : await reportOf(source, findings, zoneProbes(now()));
  findings.push(...(await records.snapshot(async (at) => [await checkOutcomes(at), await checkClock(at, now())])));
  if (source === null || before === null) return findings;
  findings.push(checkFacts(before, places.facts, source.how));
  findings.push(checkZones(before, zoneProbes(now()), patient.node.zoneData));
  const books = await records.snapshot(readBooks);
  const after = await reportOf(source, findings, []);
  for (const stream of streamNames) {
    const counts = { before: before.rows?.[stream], after: after?.rows?.[stream] };
    if (counts.before === undefined || counts.after === undefined) continue;
    findings.push(checkBalance(stream, books, { before: counts.before, after: counts.after }));
  }
  return findings;
}

/** When the records cannot be used there is nothing to hold the facts against. */
async function checkFactsAlone({ facts, places, now, node }: Patient): Promise<Finding[]> {
  if ('error' in facts) return [closed('facts', facts)];
  const findings: Finding[] = [];
  const probes = zoneProbes(now());
  const report = await reportOf(facts, findings, probes);
  if (report === null) return findings;
  return [checkFacts(report, places.facts, facts.how), checkZones(report, probes, node.zoneData)];
}

async function reportOf(
  source: FactsSource,
  findings: Finding[],
  probes: readonly ZoneProbe[],
): Promise<FactsReport | null> {
  try {
    return await source.report(probes);
  } catch (error) {
    findings.push(unreachable('facts', 'TALLYHOUSE_FACTS', error));
    return null;
  }
}

function closed(store: 'facts' | 'records', { error, state }: Closed): Finding {
  const variable = store === 'facts' ? 'TALLYHOUSE_FACTS' : 'TALLYHOUSE_RECORDS';
  switch (state) {
    case 'absent':
      return failure(
        store,
        messageOf(error),
        `check TALLYHOUSE_DATA and ${variable}, or start the server: it makes it`,
      );
    case 'in use':
      return warning(store, messageOf(error), 'run doctor with the settings of the server that has it open');
    case 'unreachable':
      return unreachable(store, variable, error);
  }
}

function checkSettings({ warnings, places, config }: Patient): Finding[] {
  const says = `facts in ${places.facts}, records in ${places.records}`;
  const settings = fine('settings', config.testing ? `${says}; test switches are allowed` : says);
  return [settings, ...warnings.map((text) => warning('settings', text, 'correct its name or remove it'))];
}

function checkServer({ server, config }: Patient): Finding {
  if (server === null) return fine('server', `none answers on ${config.host}:${config.port}`);
  if (server.ready) return fine('server', `ready on ${server.url}`);
  return warning('server', `on ${server.url}: ${server.says}`, 'see the checks of the stores below, and its log');
}

async function checkRedis({ redis }: Patient): Promise<Finding[]> {
  if (redis === null) return [];
  try {
    await redis();
    return [fine('redis', 'answers')];
  } catch (error) {
    const advice = 'check TALLYHOUSE_REDIS; until then every node counts rate limits for itself';
    return [warning('redis', messageOf(error), advice)];
  }
}
