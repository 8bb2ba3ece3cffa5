import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { engines, migrated, opened } from './engines.ts';
import { inProcess } from './in-process.ts';

describe.each(engines)('several processes on $name', ({ newStore }) => {
  test('three processes that count in one row lose no step', async () => {
    const url = await newStore();
    const records = await opened(url);
    await records.migrate();
    await records.db.insertInto('settings').values({ key: 'counter', value: '0' }).execute();
    await Promise.all(['100', '100', '100'].map((turns) => inProcess('count-up', url, turns)));
    const rows = await records.db.selectFrom('settings').select('value').execute();
    expect(rows).toEqual([{ value: '300' }]);
  });

  test('while another process is in a transaction, reads answer, writes wait, and this process goes on', async () => {
    const url = await newStore();
    const records = await opened(url);
    await records.migrate();
    let ticks = 0;
    const ticking = setInterval(() => (ticks += 1), 5);
    await inProcess('hold', url, '600');
    ticks = 0;
    // What the other process has not committed is not there: the read did not wait for it.
    expect(await records.db.selectFrom('settings').selectAll().execute()).toEqual([]);
    const write = records.transaction((tx) => tx.insertInto('settings').values({ key: 'ours', value: '' }).execute());
    await records.db.insertInto('settings').values({ key: 'ours too', value: '' }).execute();
    await write;
    await sleep(700);
    clearInterval(ticking);
    // Some 130 of 5 ms would fit; a process that waits inside SQLite has next to none.
    expect(ticks).toBeGreaterThan(40);
    const keys = await records.db.selectFrom('settings').select('key').orderBy('key').execute();
    expect(keys.map(({ key }) => key)).toEqual(['held', 'ours', 'ours too']);
  });

  test('a process that is killed while it writes loses nothing that it was told is stored', async () => {
    const url = await newStore();
    await (await opened(url)).migrate();
    for (const round of ['first', 'second', 'third']) {
      const program = fileURLToPath(new URL('./process.ts', import.meta.url));
      const child = fork(program, ['claim-until-killed', url, round], {
        execArgv: ['--import', 'tsx'],
        stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
      });
      const acknowledged: string[] = [];
      if (child.stdout === null) throw new Error('no output');
      const lines = createInterface({ input: child.stdout });
      lines.on('line', (line) => {
        acknowledged.push(line);
        if (acknowledged.length === 200) child.kill('SIGKILL');
      });
      await Promise.all([once(child, 'exit'), once(lines, 'close')]);
      const records = await opened(url);
      const stored = await records.db.selectFrom('claims').select('key').where('key', 'like', `${round}-%`).execute();
      const keys = new Set(stored.map(({ key }) => key));
      expect(acknowledged.length).toBeGreaterThanOrEqual(200);
      expect(acknowledged.filter((key) => !keys.has(key))).toEqual([]);
      // At most the one that was on its way.
      expect(keys.size - acknowledged.length).toBeLessThanOrEqual(1);
    }
  });
});

test('two stores of one process on one file wait for each other', async () => {
  for (const { newStore } of engines) {
    const records = await migrated(newStore);
    await Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        records.db
          .insertInto('settings')
          .values({ key: `k${n}`, value: '' })
          .execute(),
      ),
    );
    expect(await records.db.selectFrom('settings').select('key').execute()).toHaveLength(50);
  }
});
