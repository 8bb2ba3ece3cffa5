import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PROGRAM, startServer, type TestServer } from '../../support/server.ts';
import { bearer, DANA, send, tokens } from './support/client.ts';
import { DIRECTORY } from './support/directory.ts';

let server: TestServer;
let folder: string;
beforeAll(async () => {
  server = await startServer({ directory: DIRECTORY });
  folder = mkdtempSync(join(tmpdir(), 'tallyhouse-visits-'));
}, 60_000);
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await server.stop();
});

test('visits from a CSV file are counted, once however often it is imported (contract 8)', async () => {
  const file = join(folder, 'visits.csv');
  writeFileSync(
    file,
    [
      'time,device,array,count,dwell_ms,direction,id',
      '2018-03-01T12:50:00-06:00,D00017,,1,4200,in,D00017-1',
      '2018-03-01T12:51:30-06:00,D00017,,2,,,D00017-2',
      '2018-03-01T13:10:00-06:00,,1AMDK,4,,,',
      '2018-03-01T13:11:00,D00017,,1,,,',
      '2018-03-01T13:12:00-06:00,D00099,,1,,,',
      '',
    ].join('\n'),
  );
  const args = [PROGRAM, 'import', 'visits', file, '--url', server.url, '--key', 'th_museum'];
  for (const _run of [1, 2]) {
    const { stderr } = await promisify(execFile)(process.execPath, args);
    expect(stderr).toContain('line 5: ');
    expect(stderr).toContain('line 6: ');
  }
  const { access_token } = await tokens(server.url, DANA);
  const window = 'start=2018-03-01T12:00&end=2018-03-01T14:00&timezone=America/Chicago';
  const reply = await send(server.url, `/v2/aggregate/1AMDK/visits/1h?${window}`, { headers: bearer(access_token) });
  expect(reply.json()).toMatchObject({ total: 7, data: [{ visits: 3 }, { visits: 4 }] });
});
