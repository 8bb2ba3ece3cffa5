import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServer, type TestServer } from '../../support/server.ts';

const DIRECTORY = `
organizations:
  - key: MUSEUM
    name: Museum
    native_keys: [{key: th_visit_ids_0001, scopes: [ingest, read]}]
    deployments:
      - {key: 7QX2B, name: Main hall, timezone: America/Chicago,
         arrays: [{key: 1AMDK, name: Entrance, devices: [{key: D00017, name: Mat 17}, {key: D00018, name: Mat 18}]},
                  {key: 1AMDL, name: Stairs, devices: [{key: D00019, name: Mat 19}]}]}
`;

describe('8: the id of a visit', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer({ directory: DIRECTORY });
  });
  afterAll(() => server.stop());

  async function visits(...rows: object[]): Promise<unknown> {
    const response = await fetch(`${server.url}/api/v1/facts/visits`, {
      method: 'POST',
      headers: { authorization: 'Bearer th_visit_ids_0001', 'content-type': 'application/json' },
      body: JSON.stringify(rows.map((row) => ({ time: '2026-03-01T10:00:00Z', ...row }))),
    });
    return response.json();
  }

  test('is stored once per array', async () => {
    expect(await visits({ device: 'D00017', id: '1' }, { device: 'D00019', id: '1' })).toEqual({
      accepted: 2,
      duplicate: 0,
      rejected: [],
    });
    expect(await visits({ device: 'D00017', id: '1' }, { array: '1AMDL', id: '1' })).toEqual({
      accepted: 0,
      duplicate: 2,
      rejected: [],
    });
  });

  test('is the same for every device of the array', async () => {
    expect(await visits({ device: 'D00017', id: 'night' }, { device: 'D00018', id: 'night' })).toEqual({
      accepted: 1,
      duplicate: 1,
      rejected: [],
    });
  });
});
