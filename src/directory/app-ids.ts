import type { OrganizationId } from '../domain/scope.ts';
import type { RecordsDatabase } from '../store/records/records.ts';

/** Which apps belong to which organization. */
export class AppIds {
  readonly #organizations: ReadonlyMap<string, number>;

  constructor(organizations: ReadonlyMap<string, number>) {
    this.#organizations = organizations;
  }

  has(organization: OrganizationId, id: string): boolean {
    return this.#organizations.get(id) === organization;
  }
}

export async function loadAppIds(db: RecordsDatabase): Promise<AppIds> {
  const rows = await db.selectFrom('apps').select(['id', 'organization_id']).execute();
  return new AppIds(new Map(rows.map((row) => [row.id, row.organization_id])));
}
