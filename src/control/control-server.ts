import { chmod, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { isPauseWanted } from '../ingest/loading-pause.ts';
import type { FactsStore } from '../store/facts/facts-store.ts';
import { freezeTables, type FrozenTables } from '../store/facts/frozen-tables.ts';
import type { Records } from '../store/records/records.ts';
import { streamNames } from '../domain/streams/index.ts';
import { reportOnFacts } from './facts-report.ts';
import { FACTS_PATH, FROZEN_PATH, readProbes } from './wire.ts';

export interface ControlParts {
  readonly socket: string;
  readonly facts: FactsStore;
  readonly records: Records;
  readonly log: { warn(data: object, message: string): void };
}

export interface Control {
  close(): Promise<void>;
}

/**
 * Lets commands on the same machine reach the facts that only this process can open: HTTP over a socket that only the
 * user of the server may use. Rejects when another server listens there.
 */
export async function startControl({ socket, facts, records, log }: ControlParts): Promise<Control> {
  if (await answers(socket)) throw new Error(`another server uses ${socket}: give each its own TALLYHOUSE_DATA`);
  await rm(socket, { force: true });
  const handler = new ControlHandler(facts, records);
  const server = createServer((request, response) => {
    handler.handle(request, response).catch((error: unknown) => {
      log.warn({ err: error }, 'a command could not be answered');
      if (response.headersSent) response.destroy();
      else answer(response, 500, { problem: error instanceof Error ? error.message : String(error) });
    });
  });
  await listen(server, socket);
  return {
    async close() {
      server.close();
      server.closeAllConnections();
      await handler.close();
      await rm(socket, { force: true });
    },
  };
}

class ControlHandler {
  readonly #facts: FactsStore;
  readonly #records: Records;
  #frozen: Promise<FrozenTables> | null = null;
  #releasing: Promise<void> = Promise.resolve();

  constructor(facts: FactsStore, records: Records) {
    this.#facts = facts;
    this.#records = records;
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    request.resume();
    const url = new URL(request.url ?? '/', 'http://control');
    const stream = url.pathname.startsWith(`${FROZEN_PATH}/`) ? url.pathname.slice(FROZEN_PATH.length + 1) : null;
    if (request.method === 'GET' && url.pathname === FACTS_PATH) {
      answer(response, 200, await reportOnFacts(this.#facts, readProbes(url.searchParams)));
    } else if (request.method === 'POST' && url.pathname === FROZEN_PATH) {
      await this.#freeze(response);
    } else if (request.method === 'GET' && stream !== null) {
      await this.#send(stream, response);
    } else {
      answer(response, 404, { problem: 'this server does not know the command: use a command of its version' });
    }
  }

  /** The tables stay frozen for as long as the caller keeps the answer open, so that one that dies leaves nothing. */
  async #freeze(response: ServerResponse): Promise<void> {
    if (!(await isPauseWanted(this.#records))) {
      return answer(response, 409, { problem: 'the server works on another records store: check TALLYHOUSE_RECORDS' });
    }
    await this.#releasing;
    if (this.#frozen !== null) return answer(response, 409, { problem: 'another backup is under way' });
    const freezing = freezeTables(this.#facts, streamNames);
    this.#frozen = freezing;
    response.once('close', () => void this.close());
    try {
      const frozen = await freezing;
      const rows = Object.fromEntries(streamNames.map((stream) => [stream, frozen.rows(stream)]));
      response.writeHead(200, { 'content-type': 'application/x-ndjson' });
      response.write(`${JSON.stringify({ lasting: frozen.lasting, rows })}\n`);
    } catch (error) {
      this.#frozen = null;
      throw error;
    }
  }

  async #send(stream: string, response: ServerResponse): Promise<void> {
    const frozen = await this.#frozen;
    if (frozen === null || !streamNames.some((name) => name === stream)) {
      return answer(response, 404, { problem: `no frozen stream ${stream}` });
    }
    const bytes = await frozen.stream(stream);
    response.writeHead(200, { 'content-type': 'application/octet-stream' });
    await pipeline(bytes, response);
  }

  async close(): Promise<void> {
    const freezing = this.#frozen;
    this.#frozen = null;
    if (freezing === null) return this.#releasing;
    // What cannot be released now is dropped by the next one.
    this.#releasing = freezing.then((frozen) => frozen.release()).catch(() => {});
    return this.#releasing;
  }
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function listen(server: Server, socket: string): Promise<void> {
  // The socket is made with the rights of the mask: there is no moment in which others could connect.
  const mask = process.umask(0o177);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(socket, resolve);
    });
  } finally {
    process.umask(mask);
  }
  await chmod(socket, 0o600);
}

/** A socket that a killed server left behind does not answer. */
async function answers(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = connect(socket);
    connection.once('connect', () => {
      connection.destroy();
      resolve(true);
    });
    connection.once('error', () => resolve(false));
  });
}
