import { insertRows, largestOf, selectRows, updateRow } from '../../store/records/declared-rows.ts';
import type { RecordsTransaction } from '../../store/records/records.ts';
import { KINDS } from '../kinds/registry.ts';
import type { Removal } from './planning.ts';
import { largestIdKey } from './stored-rows.ts';

/** Tables whose ids we count up ourselves, within an organization. */
const NUMBERED = new Set(
  KINDS.filter((kind) => kind.primaryKey.join() === 'organization_id,id').map((kind) => kind.table),
);

/**
 * Remembers how far an organization's ids went before rows of it are removed. A new application must not get the id of a
 * removed one: it would own that one's facts.
 */
export async function rememberLargestIds(tx: RecordsTransaction, removals: readonly Removal[]): Promise<void> {
  const organizations = new Set(removals.flatMap(({ row }) => row['organization_id'] ?? []));
  for (const organization of organizations) {
    for (const table of NUMBERED) {
      const where = [{ column: 'organization_id', is: organization }];
      const largest = await largestOf(tx, { table, where, column: 'id' });
      const key = largestIdKey(table, Number(organization));
      const here = [{ column: 'key', is: key }];
      const [mark] = await selectRows(tx, { table: 'settings', where: here });
      if (largest <= Number(mark?.['value'] ?? 0)) continue;
      if (mark === undefined) await insertRows(tx, 'settings', [{ key, value: String(largest) }]);
      else await updateRow(tx, 'settings', here, { value: String(largest) });
    }
  }
}
