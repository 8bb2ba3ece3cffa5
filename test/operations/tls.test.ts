import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { request as plain } from 'node:http';
import { connect } from 'node:tls';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { makeCertificate } from './support/certificate.ts';
import { apply, installation, KEY, run, serve } from './support/world.ts';

/** A request by a client that trusts this certificate and no other. */
function send(url: string, ca: Buffer, method: string, body = ''): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' };
    const outgoing = request(url, { ca, method, headers }, (response) => {
      text(response).then((said) => resolve({ status: response.statusCode ?? 0, body: said }), reject);
    });
    outgoing.once('error', reject);
    outgoing.end(body);
  });
}

describe('TALLYHOUSE_TLS_CERT and TALLYHOUSE_TLS_KEY', () => {
  test('make the server speak https, to clients that check the certificate', async () => {
    const { cert, key } = makeCertificate(temporaryDirectory(), 'server');
    const place = installation({ TALLYHOUSE_TLS_CERT: cert, TALLYHOUSE_TLS_KEY: key });
    await apply(place);
    const server = await serve(place);
    expect(server.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    const ca = readFileSync(cert);
    expect(await send(`${server.url}/readyz`, ca, 'GET')).toMatchObject({ status: 200 });
    const row = JSON.stringify([{ time: '2026-03-01T10:00:00Z', array: '1AMDK', count: 3 }]);
    expect(await send(`${server.url}/api/v1/facts/visits`, ca, 'POST', row)).toEqual({
      status: 200,
      body: '{"accepted":1,"duplicate":0,"rejected":[]}',
    });
    // A client that does not know the certificate refuses it.
    await expect(send(`${server.url}/readyz`, Buffer.from(''), 'GET')).rejects.toThrow(/self-signed|unable to verify/);
    expect(await server.stop()).toBe(0);
  });

  test('leave no way in without them: no plain http, no protocol before TLS 1.2', async () => {
    const { cert, key } = makeCertificate(temporaryDirectory(), 'server');
    const server = await serve(installation({ TALLYHOUSE_TLS_CERT: cert, TALLYHOUSE_TLS_KEY: key }));
    const port = Number(new URL(server.url).port);
    const outcome = await new Promise((resolve) => {
      plain({ port, host: '127.0.0.1', path: '/healthz' }, (response) => resolve(response.statusCode))
        .once('error', () => resolve('refused'))
        .end();
    });
    expect(outcome).toBe('refused');
    const old = await new Promise((resolve) => {
      const socket = connect({ port, host: '127.0.0.1', maxVersion: 'TLSv1.1', minVersion: 'TLSv1' }, () => {
        resolve(socket.getProtocol());
      });
      socket.once('error', () => resolve('refused'));
    });
    expect(old).toBe('refused');
    await server.stop();
  });

  test('are named when one is missing, is no file, or does not fit the other', async () => {
    const folder = temporaryDirectory();
    const [one, other] = [makeCertificate(folder, 'one'), makeCertificate(folder, 'other')];
    const start = (env: Readonly<Record<string, string>>) => run(installation(env), ['serve']);
    expect(await start({ TALLYHOUSE_TLS_CERT: one.cert })).toMatchObject({
      code: 2,
      stderr: 'tallyhouse: TALLYHOUSE_TLS_CERT and TALLYHOUSE_TLS_KEY belong together: set both or none\n',
    });
    for (const [cert, key, said] of [
      ['/nowhere.pem', one.key, /^tallyhouse: TALLYHOUSE_TLS_CERT: .*no such file/],
      [one.cert, '/nowhere.key', /^tallyhouse: TALLYHOUSE_TLS_KEY: .*no such file/],
      [one.key, one.key, /^tallyhouse: TALLYHOUSE_TLS_CERT: /],
      [one.cert, one.cert, /^tallyhouse: TALLYHOUSE_TLS_KEY: /],
      [one.cert, other.key, /^tallyhouse: TALLYHOUSE_TLS_CERT and TALLYHOUSE_TLS_KEY do not belong together/],
    ] as const) {
      const { code, stderr } = await start({ TALLYHOUSE_TLS_CERT: cert, TALLYHOUSE_TLS_KEY: key });
      expect(stderr).toMatch(said);
      expect(code).not.toBe(0);
    }
  });
});
