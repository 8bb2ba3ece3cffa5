import { RowsStatement } from '../store/records/rows-statement.ts';
import type { RecordsTransaction } from '../store/records/records.ts';
import type { LedgerRow } from './ledger.ts';

const adding = new RowsStatement<LedgerRow>(
  (tx, rows) =>
    tx
      .insertInto('ledger')
      .values([...rows])
      .onConflict((conflict) =>
        conflict
          .columns(['minute', 'organization', 'source', 'stream', 'outcome'])
          .doUpdateSet((row) => ({ count: row('ledger.count', '+', row.ref('excluded.count')) })),
      ),
  (row) => [row.minute, row.organization, row.source, row.stream, row.outcome, row.count],
);

/** Adds counts to the ledger in the transaction that commits what they count. */
export async function writeLedger(tx: RecordsTransaction, rows: readonly LedgerRow[]): Promise<void> {
  for (const piece of adding.pieces(rows)) await adding.execute(tx, piece);
}
