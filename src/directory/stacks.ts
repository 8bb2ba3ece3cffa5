import { organizationId, type OrganizationId } from '../domain/scope.ts';
import type { EpochMs } from '../domain/time/instant.ts';
import type { RecordsDatabase } from '../store/records/records.ts';

/** Contentstack's unit below an organization. */
export interface Stack {
  readonly organization: OrganizationId;
  readonly uid: string;
  readonly apiKey: string;
  readonly name: string;
  readonly createdAt: EpochMs;
  readonly updatedAt: EpochMs;
}

/** All stacks at one moment. */
export class Stacks {
  readonly #byOrganization = new Map<OrganizationId, Map<string, Stack>>();

  /** `all` in the order in which they are to be listed. */
  constructor(all: readonly Stack[]) {
    for (const stack of all) {
      const siblings = this.#byOrganization.get(stack.organization) ?? new Map<string, Stack>();
      siblings.set(stack.apiKey, stack);
      this.#byOrganization.set(stack.organization, siblings);
    }
  }

  /** By name, then API key. */
  of(organization: OrganizationId): readonly Stack[] {
    return [...(this.#byOrganization.get(organization)?.values() ?? [])];
  }

  /** API keys are unique within their organization only. */
  byApiKey(organization: OrganizationId, apiKey: string): Stack | null {
    return this.#byOrganization.get(organization)?.get(apiKey) ?? null;
  }
}

export async function loadStacks(db: RecordsDatabase): Promise<Stacks> {
  const rows = await db.selectFrom('stacks').selectAll().orderBy('name').orderBy('api_key').execute();
  return new Stacks(
    rows.map((row) => ({
      organization: organizationId(row.organization_id),
      uid: row.uid,
      apiKey: row.api_key,
      name: row.name,
      createdAt: row.created_at,
      updatedAt: row.updated_at,
    })),
  );
}
