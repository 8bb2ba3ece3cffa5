import type { RecordsTransaction } from '../store/records/records.ts';
import { chunks } from './chunks.ts';
import type { LedgerRow } from './ledger.ts';

/** Adds counts to the ledger in the transaction that commits what they count. */
export async function writeLedger(tx: RecordsTransaction, rows: readonly LedgerRow[]): Promise<void> {
  for (const chunk of chunks(rows)) {
    await tx
      .insertInto('ledger')
      .values([...chunk])
      .onConflict((conflict) =>
        conflict
          .columns(['minute', 'organization', 'source', 'stream', 'outcome'])
          .doUpdateSet((row) => ({ count: row('ledger.count', '+', row.ref('excluded.count')) })),
      )
      .execute();
  }
}
