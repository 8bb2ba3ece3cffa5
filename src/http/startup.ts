import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import type { FastifyInstance } from 'fastify';

export interface TlsFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

/** Reads certificate and key. Throws an error that names the variable to look at. */
export function readTls({ certFile, keyFile }: TlsFiles): { readonly cert: Buffer; readonly key: Buffer } {
  const cert = readNamed('TALLYHOUSE_TLS_CERT', certFile);
  const key = readNamed('TALLYHOUSE_TLS_KEY', keyFile);
  attempt(`TALLYHOUSE_TLS_CERT: ${certFile} is no PEM certificate`, () => createSecureContext({ cert }));
  attempt(`TALLYHOUSE_TLS_KEY: ${keyFile} is no PEM key`, () => createSecureContext({ key }));
  attempt('TALLYHOUSE_TLS_CERT and TALLYHOUSE_TLS_KEY do not belong together', () =>
    createSecureContext({ cert, key }),
  );
  return { cert, key };
}

function readNamed(variable: string, file: string): Buffer {
  return attempt(`${variable}: cannot read the file`, () => readFileSync(file));
}

function attempt<T>(what: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw new Error(`${what}: ${messageOf(cause)}`, { cause });
  }
}

/** Throws an error that names the variable to look at when the port is taken or the address is not this machine's. */
export async function listen(server: FastifyInstance, place: { host: string; port: number }): Promise<void> {
  try {
    await server.listen(place);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    const taken = code === 'EADDRINUSE' || code === 'EACCES';
    const variable = taken
      ? `TALLYHOUSE_PORT: cannot listen on port ${place.port}`
      : `TALLYHOUSE_HOST: cannot listen on ${place.host}`;
    throw new Error(`${variable}: ${messageOf(cause)}`, { cause });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
