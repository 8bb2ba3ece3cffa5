import { request, type IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { FrozenTables } from '../store/facts/frozen-tables.ts';
import type { FactsReport, ZoneProbe } from './facts-report.ts';
import { FACTS_PATH, FROZEN_PATH, writeProbes, type FrozenLine } from './wire.ts';

/** A server on this machine that was asked for something and refused or broke off. */
class ControlError extends Error {
  override readonly name = 'ControlError';
}

/** The facts of a running server, as far as commands beside it may see them. */
export interface ServerFacts {
  report(probes: readonly ZoneProbe[]): Promise<FactsReport>;
  freeze(): Promise<FrozenTables>;
}

/** Null when no server listens on the socket. */
export async function findServer(socket: string): Promise<ServerFacts | null> {
  const server = serverAt(socket);
  try {
    await server.report([]);
  } catch (error) {
    if (error instanceof ControlError) throw error;
    if (isCode(error, 'ENOENT') || isCode(error, 'ECONNREFUSED')) return null;
    throw new ControlError(`cannot reach the server on ${socket}: ${error instanceof Error ? error.message : ''}`);
  }
  return server;
}

function serverAt(socket: string): ServerFacts {
  return {
    async report(probes) {
      const response = await ask(socket, 'GET', `${FACTS_PATH}?${writeProbes(probes)}`);
      return JSON.parse(await text(response)) as FactsReport;
    },
    async freeze() {
      const held = await ask(socket, 'POST', FROZEN_PATH);
      const { lasting, rows } = JSON.parse(await firstLine(held)) as FrozenLine;
      return {
        lasting,
        rows(stream) {
          const count = rows[stream];
          if (count === undefined) throw new ControlError(`the server does not know the stream ${stream}`);
          return count;
        },
        stream: (stream): Promise<Readable> => ask(socket, 'GET', `${FROZEN_PATH}/${stream}`),
        release: async () => void held.destroy(),
      };
    },
  };
}

/** Resolves with a good answer, whose body is still to be read; a body that is cut off destroys it with an error. */
async function ask(socketPath: string, method: string, path: string): Promise<IncomingMessage> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request({ socketPath, method, path, agent: false }, resolve).once('error', reject).end();
  });
  // Ended by `release`, or by a server that stops: whoever waits for it learns by the streams.
  response.on('error', () => {});
  if (response.statusCode === 200) return response;
  const { problem } = JSON.parse(await text(response)) as { problem?: string };
  throw new ControlError(problem ?? `the server answered ${response.statusCode}`);
}

async function firstLine(response: IncomingMessage): Promise<string> {
  response.setEncoding('utf8');
  return new Promise((resolve, reject) => {
    let line = '';
    response.on('data', (piece: string) => {
      line += piece;
      if (line.includes('\n')) resolve(line);
    });
    response.once('close', () => reject(new ControlError('the server broke off')));
  });
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
