import { setTimeout as sleep } from 'node:timers/promises';
import { epochMs } from '../../../src/domain/time/instant.ts';
import { openRecords } from '../../../src/store/records/open-records.ts';

/** Another process at the same store, as a command is beside the running server. Sends its result to its parent. */
const [task, url = '', value = '0'] = process.argv.slice(2);
const records = await openRecords(url);

switch (task) {
  case 'migrate': {
    const { applied } = await records.migrate();
    process.send?.(applied);
    break;
  }
  case 'count-up': {
    for (let turn = 0; turn < Number(value); turn += 1) {
      await records.transaction(async (tx) => {
        const row = await tx
          .selectFrom('settings')
          .select('value')
          .where('key', '=', 'counter')
          .$if(tx.capabilities.rowLocks, (query) => query.forUpdate())
          .executeTakeFirstOrThrow();
        await tx
          .updateTable('settings')
          .set({ value: String(Number(row.value) + 1) })
          .where('key', '=', 'counter')
          .execute();
      });
    }
    process.send?.('done');
    break;
  }
  case 'hold': {
    // Against the rules of `transaction`, on purpose: the lock is held while time passes.
    await records.transaction(async (tx) => {
      await tx.insertInto('settings').values({ key: 'held', value: value }).execute();
      process.send?.('holding');
      await sleep(Number(value));
    });
    break;
  }
  case 'claim-until-killed': {
    for (let n = 0; ; n += 1) {
      const key = `${value}-${n}`;
      await records.db
        .insertInto('claims')
        .values({ key, fingerprint: null, answer: null, at: epochMs(n) })
        .execute();
      process.stdout.write(`${key}\n`);
    }
  }
  default:
    throw new Error(`unknown task ${task}`);
}
await records.close();
process.disconnect();
