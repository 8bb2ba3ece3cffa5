import { afterAll, beforeAll } from 'vitest';
import { startServer, type TestServer } from '../../../support/server.ts';
import { Client } from './client.ts';
import { DIRECTORY } from './directory.ts';

export interface Serving {
  /** Default is the directory of these tests. */
  readonly directory?: string;
  /** What the server's clock shows at its start. */
  readonly clock?: string;
}

/** Starts one server for all tests of a file, and hands it over with a client before the first. */
export function serving(
  { directory = DIRECTORY, clock }: Serving,
  ready: (started: { readonly server: TestServer; readonly client: Client }) => void | Promise<void>,
): void {
  let server: TestServer | undefined;
  beforeAll(async () => {
    server = await startServer({ directory, ...(clock === undefined ? {} : { clock }) });
    await ready({ server, client: new Client(server.url) });
  });
  afterAll(() => server?.stop());
}
