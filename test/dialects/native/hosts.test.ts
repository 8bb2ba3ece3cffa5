import { request } from 'node:http';
import { expect, test } from 'vitest';
import { startServer } from '../../support/server.ts';
import { DIRECTORY } from './support/directory.ts';

/** `fetch` does not let its caller choose the Host. */
async function statusOn(url: string, host: string, method: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const headers = { host, authorization: 'Bearer th_north_all' };
    request(new URL('/api/v1/streams', url), { method, headers }, (response) => {
      response.resume().once('end', () => resolve(response.statusCode));
    })
      .once('error', reject)
      .end();
  });
}

test('on a host name that it is not bound to, the native API is not there', async () => {
  const server = await startServer({ directory: DIRECTORY, env: { TALLYHOUSE_DIALECTS: 'native@api.example,tr50' } });
  try {
    expect(await statusOn(server.url, 'api.example', 'GET')).toBe(200);
    expect(await statusOn(server.url, 'API.example:4000', 'GET')).toBe(200);
    expect(await statusOn(server.url, 'api.example', 'POST')).toBe(405);
    expect(await statusOn(server.url, 'other.example', 'GET')).toBe(404);
    const facts = { method: 'POST', body: '[]', headers: { authorization: 'Bearer th_north_all' } };
    expect((await fetch(`${server.url}/api/v1/facts/requests`, facts)).status).toBe(404);
  } finally {
    await server.stop();
  }
});
