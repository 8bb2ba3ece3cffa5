import { randomUUID } from 'node:crypto';
import { ProblemError, type Problem } from '../domain/problem.ts';
import { organizationId, type OrganizationId } from '../domain/scope.ts';
import { epochMs, type EpochMs } from '../domain/time/instant.ts';
import type { Records, RecordsDatabase, RecordsTransaction } from '../store/records/records.ts';
import type { JobsTable } from '../store/records/schema/jobs.ts';
import type { Job, JobFailure } from './job.ts';

/** One run of a job. A run that is not the job's latest any more can write nothing. */
export interface Claim {
  readonly id: string;
  readonly attempt: number;
  readonly job: Pick<Job, 'id' | 'kind' | 'organization' | 'request'>;
}

/** Some rows of a result as they are stored. */
export interface PackedRows {
  readonly firstRow: number;
  readonly rows: number;
  readonly content: string;
}

/** A job as a node runs it. */
export interface Beat {
  readonly id: string;
  readonly owner: string;
  readonly attempt: number;
  readonly beat: number;
}

export interface JobLimits {
  /** Active jobs of an organization. */
  readonly active: number;
  /** Bytes that the jobs of an organization take together. */
  readonly bytes: number;
  readonly retentionMs: number;
  /** Jobs are not run before they are that old (tests). */
  readonly holdMs: number;
}

/** The run has been taken over by another node, or the job is gone. */
export class LostClaim extends Error {
  override readonly name = 'LostClaim';
}

/** What a row takes besides its texts, more or less. */
const ROW_BYTES = 256;
/** How long whoever is put off is asked to wait. */
const PUT_OFF_MS = 1_000;
/** So many expired jobs go in one transaction. */
const REMOVED_AT_ONCE = 50;

/** Jobs in the records store: what several nodes agree on. Locks are taken in one order, job before budget. */
export class JobTable {
  readonly #records: Records;
  readonly #limits: JobLimits;
  /** This node, as the owner of what it runs. */
  readonly #node = randomUUID();

  constructor(records: Records, limits: JobLimits) {
    this.#records = records;
    this.#limits = limits;
  }

  /** Throws `overloaded` when the organization has as many jobs as it may, or their results take too much. */
  async create(kind: string, organization: OrganizationId, request: unknown, now: EpochMs): Promise<string> {
    const id = `job_${randomUUID()}`;
    const text = JSON.stringify(request);
    const bytes = ROW_BYTES + Buffer.byteLength(text);
    await this.#records.transaction(async (tx) => {
      await this.#reserve(tx, organization, bytes);
      await tx
        .insertInto('jobs')
        .values({
          id,
          kind,
          organization_id: organization,
          request: text,
          state: 'active',
          created_at: now,
          due_at: epochMs(now + this.#limits.holdMs),
          started_at: null,
          finished_at: null,
          attempt: 0,
          owner: null,
          beat: 0,
          rows: 0,
          bytes,
          head: null,
          failure: null,
        })
        .execute();
    });
    return id;
  }

  async find(id: string, now: EpochMs): Promise<Job | null> {
    const row = await this.#records.db.selectFrom('jobs').selectAll().where('id', '=', id).executeTakeFirst();
    return row === undefined || this.#isExpired(row, now) ? null : this.#jobOf(row);
  }

  /** Newest first; only those older than `before`. */
  async list(
    organizations: readonly OrganizationId[],
    { limit, before, now }: { limit: number; before: { at: number; id: string } | null; now: EpochMs },
  ): Promise<Job[]> {
    if (organizations.length === 0) return [];
    let query = this.#records.db
      .selectFrom('jobs')
      .selectAll()
      .where('organization_id', 'in', organizations)
      .where((where) =>
        where.or([
          where('finished_at', 'is', null),
          where('finished_at', '>', epochMs(now - this.#limits.retentionMs)),
        ]),
      )
      .orderBy('created_at', 'desc')
      .orderBy('id', 'desc')
      .limit(limit);
    if (before !== null) {
      const { at, id } = before;
      query = query.where((where) =>
        where.or([
          where('created_at', '<', epochMs(at)),
          where.and([where('created_at', '=', epochMs(at)), where('id', '<', id)]),
        ]),
      );
    }
    return (await query.execute()).map((row) => this.#jobOf(row));
  }

  /** Stored rows of a job that is done, from `first` on, in order; may begin before and end after what is asked. */
  async readRows(id: string, attempt: number, first: number, count: number): Promise<PackedRows[]> {
    const rows = await this.#records.db
      .selectFrom('job_rows')
      .select(['first_row', 'rows', 'content'])
      .where('job_id', '=', id)
      .where('attempt', '=', attempt)
      .where('first_row', '<', first + count)
      .where((where) => where(where('first_row', '+', where.ref('rows')), '>', first))
      .orderBy('first_row')
      .execute();
    return rows.map(({ first_row, ...rest }) => ({ firstRow: first_row, ...rest }));
  }

  /**
   * Takes the job that has waited longest among those of the organizations with the fewest running jobs; null when none
   * is due. Of several nodes only one gets it.
   */
  async claim(kinds: readonly string[], now: EpochMs): Promise<Claim | null> {
    if (kinds.length === 0 || !(await this.#anyWaiting())) return null;
    return this.#records.transaction(async (tx) => {
      const row = await tx
        .selectFrom('jobs')
        .selectAll()
        .where('state', '=', 'active')
        .where('owner', 'is', null)
        .where('kind', 'in', kinds)
        // A time further ahead than any hold comes from a clock that was set back since.
        .where((where) =>
          where.or([where('due_at', '<=', now), where('due_at', '>', epochMs(now + this.#limits.holdMs))]),
        )
        .orderBy((order) =>
          order
            .selectFrom('jobs as running')
            .select((select) => select.fn.countAll().as('count'))
            .where('running.state', '=', 'active')
            .where('running.owner', 'is not', null)
            .whereRef('running.organization_id', '=', 'jobs.organization_id'),
        )
        .orderBy('created_at')
        .orderBy('id')
        .limit(1)
        .$if(tx.capabilities.rowLocks, (query) => query.forUpdate().skipLocked())
        .executeTakeFirst();
      if (row === undefined) return null;
      const bytes = await this.#dropRows(tx, row);
      const attempt = row.attempt + 1;
      await tx
        .updateTable('jobs')
        .set({ owner: this.#node, attempt, beat: 0, started_at: now, rows: 0, bytes })
        .where('id', '=', row.id)
        .execute();
      const { id, kind, organization } = this.#jobOf(row);
      return { id, attempt, job: { id, kind, organization, request: JSON.parse(row.request) as unknown } };
    });
  }

  /** Tells the other nodes that the run goes on; false when it is lost. */
  async beat({ id, attempt }: Claim): Promise<boolean> {
    const { numUpdatedRows } = await this.#records.db
      .updateTable('jobs')
      .set((row) => ({ beat: row('beat', '+', 1) }))
      .where('id', '=', id)
      .where('attempt', '=', attempt)
      .where('owner', '=', this.#node)
      .executeTakeFirstOrThrow();
    return numUpdatedRows === 1n;
  }

  /** Stores rows of the result. Throws `LostClaim`, or `query_limit` when the organization's results take too much. */
  async append(claim: Claim, pieces: readonly PackedRows[]): Promise<void> {
    await this.#records.transaction((tx) => this.#addRows(tx, claim, pieces));
  }

  async finish(claim: Claim, last: readonly PackedRows[], head: unknown, now: EpochMs): Promise<void> {
    await this.#records.transaction(async (tx) => {
      await this.#addRows(tx, claim, last);
      await this.#end(tx, claim, { state: 'done', head: JSON.stringify(head ?? null), finished_at: now });
    });
  }

  async fail(claim: Claim, failure: JobFailure, now: EpochMs): Promise<void> {
    await this.#records.transaction(async (tx) => {
      await this.#end(tx, claim, { state: 'failed', failure: JSON.stringify(failure), finished_at: now });
      const row = await tx.selectFrom('jobs').selectAll().where('id', '=', claim.id).executeTakeFirstOrThrow();
      const bytes = await this.#dropRows(tx, row);
      await tx.updateTable('jobs').set({ rows: 0, bytes }).where('id', '=', claim.id).execute();
    });
  }

  /** Gives the job back, to be run by whoever comes; the run does not count. */
  async release({ id, attempt }: Claim): Promise<void> {
    await this.#records.db
      .updateTable('jobs')
      .set({ owner: null, attempt: attempt - 1 })
      .where('id', '=', id)
      .where('attempt', '=', attempt)
      .where('owner', '=', this.#node)
      .execute();
  }

  /** Jobs that nodes run, this one included. */
  async beats(): Promise<Beat[]> {
    const rows = await this.#records.db
      .selectFrom('jobs')
      .select(['id', 'owner', 'attempt', 'beat'])
      .where('state', '=', 'active')
      .where('owner', 'is not', null)
      .execute();
    return rows.flatMap(({ owner, ...rest }) => (owner === null ? [] : [{ ...rest, owner }]));
  }

  /** Takes a job from a node whose beat does not move; without effect when it did. */
  async free({ id, owner, attempt, beat }: Beat): Promise<void> {
    await this.#records.db
      .updateTable('jobs')
      .set({ owner: null })
      .where('id', '=', id)
      .where('owner', '=', owner)
      .where('attempt', '=', attempt)
      .where('beat', '=', beat)
      .where('state', '=', 'active')
      .execute();
  }

  /** Nobody else works on a store that is not shared: what runs in it was left by a process that is gone. */
  async freeAll(): Promise<void> {
    if (this.#records.capabilities.shared) return;
    await this.#records.db.updateTable('jobs').set({ owner: null }).where('state', '=', 'active').execute();
  }

  /** Removes some of the jobs whose time is over; true when there may be more. */
  async removeExpired(now: EpochMs): Promise<boolean> {
    return this.#records.transaction(async (tx) => {
      const expired = await tx
        .selectFrom('jobs')
        .select(['id', 'organization_id', 'bytes'])
        .where('finished_at', '<=', epochMs(now - this.#limits.retentionMs))
        .orderBy('organization_id')
        .limit(REMOVED_AT_ONCE)
        .$if(tx.capabilities.rowLocks, (query) => query.forUpdate().skipLocked())
        .execute();
      if (expired.length === 0) return false;
      const ids = expired.map(({ id }) => id);
      await tx.deleteFrom('jobs').where('id', 'in', ids).execute();
      const freed = new Map<number, number>();
      for (const { organization_id, bytes } of expired) {
        freed.set(organization_id, (freed.get(organization_id) ?? 0) + bytes);
      }
      for (const [organization, bytes] of freed) await addToBudget(tx, organization, { active: 0, bytes: -bytes });
      return expired.length === REMOVED_AT_ONCE;
    });
  }

  async count(): Promise<{ readonly waiting: number; readonly running: number }> {
    const row = await this.#records.db
      .selectFrom('jobs')
      .select((select) => [select.fn.count<number>('id').as('active'), select.fn.count<number>('owner').as('running')])
      .where('state', '=', 'active')
      .executeTakeFirstOrThrow();
    const [active, running] = [Number(row.active), Number(row.running)];
    return { waiting: active - running, running };
  }

  /** A look that makes no writer wait; asked every second where nothing happens. */
  async #anyWaiting(): Promise<boolean> {
    const row = await this.#records.db
      .selectFrom('jobs')
      .select('id')
      .where('state', '=', 'active')
      .where('owner', 'is', null)
      .limit(1)
      .executeTakeFirst();
    return row !== undefined;
  }

  async #reserve(tx: RecordsTransaction, organization: OrganizationId, bytes: number): Promise<void> {
    await tx
      .insertInto('job_budgets')
      .values({ organization_id: organization, active: 0, bytes: 0 })
      .onConflict((conflict) => conflict.column('organization_id').doNothing())
      .execute();
    const { numUpdatedRows } = await tx
      .updateTable('job_budgets')
      .set((row) => ({ active: row('active', '+', 1), bytes: row('bytes', '+', bytes) }))
      .where('organization_id', '=', organization)
      .where('active', '<', this.#limits.active)
      .where('bytes', '<=', this.#limits.bytes - bytes)
      .executeTakeFirstOrThrow();
    if (numUpdatedRows !== 1n) throw new ProblemError({ kind: 'overloaded', retryAfterMs: PUT_OFF_MS });
  }

  async #addRows(tx: RecordsTransaction, { id, attempt, job }: Claim, pieces: readonly PackedRows[]): Promise<void> {
    const last = pieces.at(-1);
    if (last === undefined) return;
    const bytes = pieces.reduce((sum, { content }) => sum + content.length + ROW_BYTES, 0);
    const { numUpdatedRows } = await tx
      .updateTable('jobs')
      .set((row) => ({ rows: last.firstRow + last.rows, bytes: row('bytes', '+', bytes) }))
      .where('id', '=', id)
      .where('attempt', '=', attempt)
      .where('owner', '=', this.#node)
      .where('state', '=', 'active')
      .executeTakeFirstOrThrow();
    if (numUpdatedRows !== 1n) throw new LostClaim(id);
    const values = pieces.map(({ firstRow, ...piece }) => ({ job_id: id, attempt, first_row: firstRow, ...piece }));
    await tx.insertInto('job_rows').values(values).execute();
    const total = await addToBudget(tx, job.organization, { active: 0, bytes });
    if (total > this.#limits.bytes) throw new ProblemError(TOO_LARGE);
  }

  async #end(
    tx: RecordsTransaction,
    { id, attempt, job }: Claim,
    end: Partial<Pick<JobsTable, 'state' | 'head' | 'failure' | 'finished_at'>>,
  ): Promise<void> {
    const { numUpdatedRows } = await tx
      .updateTable('jobs')
      .set({ ...end, owner: null })
      .where('id', '=', id)
      .where('attempt', '=', attempt)
      .where('owner', '=', this.#node)
      .where('state', '=', 'active')
      .executeTakeFirstOrThrow();
    if (numUpdatedRows !== 1n) throw new LostClaim(id);
    await addToBudget(tx, job.organization, { active: -1, bytes: 0 });
  }

  /** Removes the rows of a run that did not come to its end; returns the bytes the job takes without them. */
  async #dropRows(tx: RecordsTransaction, row: JobsTable): Promise<number> {
    if (row.rows === 0) return row.bytes;
    const stored = await tx
      .selectFrom('job_rows')
      .select((select) => [
        select.fn.count<number>('job_id').as('pieces'),
        // All characters are ASCII, so characters are bytes.
        select.fn.sum<number | string | null>(select.fn<number>('length', ['content'])).as('length'),
      ])
      .where('job_id', '=', row.id)
      .executeTakeFirstOrThrow();
    const freed = Number(stored.length ?? 0) + Number(stored.pieces) * ROW_BYTES;
    await tx.deleteFrom('job_rows').where('job_id', '=', row.id).execute();
    await addToBudget(tx, row.organization_id, { active: 0, bytes: -freed });
    return row.bytes - freed;
  }

  #isExpired(row: JobsTable, now: EpochMs): boolean {
    return row.finished_at !== null && row.finished_at <= now - this.#limits.retentionMs;
  }

  #jobOf(row: JobsTable): Job {
    const { state, owner, finished_at } = row;
    return {
      id: row.id,
      kind: row.kind,
      organization: organizationId(row.organization_id),
      request: JSON.parse(row.request) as unknown,
      state: state !== 'active' ? state : owner === null ? 'waiting' : 'running',
      createdAt: row.created_at,
      startedAt: row.started_at,
      finishedAt: finished_at,
      expiresAt: finished_at === null ? null : epochMs(finished_at + this.#limits.retentionMs),
      attempts: row.attempt,
      rows: row.rows,
      bytes: row.bytes,
      head: row.head === null ? null : (JSON.parse(row.head) as unknown),
      failure: row.failure === null ? null : (JSON.parse(row.failure) as JobFailure),
    };
  }
}

const TOO_LARGE: Problem = { kind: 'query_limit', limit: 'rows' };

/** Returns the bytes that the organization's jobs then take. */
async function addToBudget(
  tx: RecordsDatabase,
  organization: number,
  { active, bytes }: { readonly active: number; readonly bytes: number },
): Promise<number> {
  const budget = await tx
    .updateTable('job_budgets')
    .set((row) => ({ active: row('active', '+', active), bytes: row('bytes', '+', bytes) }))
    .where('organization_id', '=', organization)
    .returning('bytes')
    .executeTakeFirstOrThrow();
  return budget.bytes;
}
