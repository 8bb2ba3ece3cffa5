import { ok, type Result } from '../domain/result.ts';
import type { EpochMs } from '../domain/time/instant.ts';
import type { RecordsTransaction } from '../store/records/records.ts';
import type { Batch, Entry, Outcome, Receipt } from './batch.ts';
import { chunks } from './chunks.ts';
import { claimKey } from './claim-key.ts';
import { ClaimTable, type ClaimUse } from './claim-table.ts';
import type { Fact } from './fact.ts';
import { LedgerTally } from './ledger.ts';
import { writeLedger } from './ledger-table.ts';
import { OutboxWriter } from './outbox-writer.ts';
import { StateTable } from './state-table.ts';
import { countEntry, countRefusals, repeatOf } from './tally.ts';
import { TimeSlices } from './time-slices.ts';

export interface GroupResult {
  /** One for each batch, in order. */
  readonly results: readonly Result<Receipt>[];
  readonly rows: number;
  readonly bytes: number;
}

/** The body of a group's transaction: claims, states, ledger, outbox. Everything or nothing is committed. */
export async function commitBatches(
  tx: RecordsTransaction,
  group: { readonly batches: readonly Batch[]; readonly at: EpochMs },
): Promise<GroupResult> {
  const { batches, at } = group;
  const slices = new TimeSlices();
  const claims = new ClaimTable(tx, at, slices);
  const guarded = await claims.takeGuards(batches.flatMap((batch) => (batch.guard === undefined ? [] : [batch.guard])));
  const fresh = batches.filter((batch) => batch.guard === undefined || !guarded.has(batch.guard.key));
  const entries = fresh.flatMap((batch) => batch.entries);

  const keys = new Map<Entry, string>();
  for (const chunk of chunks(entries)) {
    await slices.next();
    for (const entry of chunk) if (entry.claim !== undefined) keys.set(entry, claimKey(entry.claim));
  }
  const claimed: Claimed = { keys, uses: await claims.take([...keys.values()]) };
  const states = new StateTable(tx, at);
  await states.load(entries.flatMap((entry) => entry.steps ?? []));

  const ledger = new LedgerTally(at);
  const outbox = new OutboxWriter(tx, at);
  const results: Result<Receipt>[] = [];
  for (const batch of batches) {
    const { guard } = batch;
    const earlier = guard === undefined ? undefined : guarded.get(guard.key);
    if (guard !== undefined && earlier !== undefined) {
      results.push(repeatOf(batch, guard, earlier, at, ledger));
      continue;
    }
    countRefusals(batch, ledger);
    const outcomes: Outcome[] = [];
    for (const chunk of chunks(batch.entries)) {
      await slices.next();
      for (const entry of chunk) {
        const { outcome, facts } = settle(entry, claimed, states, outbox);
        countEntry(batch, entry, outcome, facts, ledger);
        outcomes.push(outcome);
      }
    }
    if (guard !== undefined) claims.answer(guard, outcomes);
    results.push(ok({ outcomes, repeated: null, committedAt: at }));
  }

  await claims.finish();
  await states.save();
  await outbox.write(slices);
  await writeLedger(tx, ledger.rows());
  return { results, rows: outbox.rows, bytes: outbox.bytes };
}

interface Claimed {
  /** Digests of the entries' claims. */
  readonly keys: ReadonlyMap<Entry, string>;
  readonly uses: Map<string, ClaimUse>;
}

/** Decides one entry: duplicate, rejected by a step, or accepted with its facts. */
function settle(
  entry: Entry,
  claimed: Claimed,
  states: StateTable,
  outbox: OutboxWriter,
): { outcome: Outcome; facts: readonly Fact[] } {
  const key = claimed.keys.get(entry) ?? null;
  if (key !== null && claimed.uses.get(key) !== 'new') return { outcome: { kind: 'duplicate' }, facts: [] };
  const advanced = states.advance(entry.steps ?? []);
  if (!advanced.ok && 'duplicate' in advanced) return { outcome: { kind: 'duplicate' }, facts: [] };
  if (!advanced.ok) {
    // The key stays free: a rejected entry may be sent again and accepted later.
    return { outcome: { kind: 'rejected', problem: advanced.problem, result: advanced.result }, facts: [] };
  }
  if (key !== null) claimed.uses.set(key, 'used');
  const facts = advanced.facts.length === 0 ? entry.facts : [...entry.facts, ...advanced.facts];
  for (const fact of facts) outbox.append(fact);
  return { outcome: { kind: 'accepted', results: advanced.results }, facts };
}
