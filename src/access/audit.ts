import type { OrganizationId } from '../domain/scope.ts';
import type { Clock } from '../domain/time/clock.ts';
import type { EpochMs } from '../domain/time/instant.ts';
import type { Records } from '../store/records/records.ts';

/** Something that happened to a credential or a right. */
export interface AuditEvent {
  /** `<what>.<happened>`, e.g. `login.failed`, `key.created`. */
  readonly event: string;
  /** Who did it: an e-mail address, the name of a command. */
  readonly actor?: string | undefined;
  readonly organization?: OrganizationId | null | undefined;
  /** What it was done to; never a secret. */
  readonly subject?: string | undefined;
  /** Network address of the caller. */
  readonly address?: string | undefined;
  readonly detail?: Readonly<Record<string, string | number | boolean | null>> | undefined;
}

export interface AuditEntry {
  readonly id: number;
  readonly at: EpochMs;
  readonly event: string;
  readonly actor: string | null;
  readonly organization: number | null;
  readonly subject: string | null;
  readonly address: string | null;
  readonly detail: unknown;
}

export interface AuditPage {
  readonly organizations: readonly OrganizationId[];
  readonly limit: number;
  /** Only entries older than this one. */
  readonly before?: number | undefined;
}

/** The log of credential events, kept in the records store. */
export interface Audit {
  record(event: AuditEvent): Promise<void>;
  /** Newest first. */
  list(page: AuditPage): Promise<AuditEntry[]>;
}

export function createAudit(records: Records, clock: Clock): Audit {
  return {
    async record(event) {
      await records.db
        .insertInto('audit')
        .values({
          at: clock.now(),
          event: event.event,
          actor: event.actor ?? null,
          organization: event.organization ?? null,
          subject: event.subject ?? null,
          address: event.address ?? null,
          detail: JSON.stringify(event.detail ?? {}),
        })
        .execute();
    },
    async list({ organizations, limit, before }) {
      if (organizations.length === 0) return [];
      let query = records.db
        .selectFrom('audit')
        .selectAll()
        .where('organization', 'in', organizations)
        .orderBy('id', 'desc')
        .limit(limit);
      if (before !== undefined) query = query.where('id', '<', before);
      const rows = await query.execute();
      return rows.map((row) => ({ ...row, detail: JSON.parse(row.detail) as unknown }));
    },
  };
}
