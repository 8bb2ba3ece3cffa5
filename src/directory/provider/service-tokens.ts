import type { OrganizationId } from '../../domain/scope.ts';
import type { RecordsDatabase } from '../../store/records/records.ts';
import type { Sealing } from '../secrets/sealing.ts';

/** The tokens of a product in the clear, oldest first; the tenant pastes them into gateways. */
export async function listServiceTokens(
  { db, sealing }: { readonly db: RecordsDatabase; readonly sealing: Sealing },
  organization: OrganizationId,
  product: number,
): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('service_tokens')
    .select('token_sealed')
    .where('organization_id', '=', organization)
    .where('product_id', '=', product)
    .orderBy('created_at')
    .orderBy('token_hash')
    .execute();
  return rows.map(({ token_sealed }) => sealing.open(token_sealed, 'service_tokens.token_sealed'));
}
