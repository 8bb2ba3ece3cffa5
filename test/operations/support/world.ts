import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { Random } from '../../../src/cli/demo/random.ts';
import { DrillRequests, send, type DrillRequest } from '../../../src/cli/drill/load.ts';
import { applyDirectory, environment, PROGRAM, startServer, type TestServer } from '../../support/server.ts';

/** The directory file of `examples/`: two tenants, everything that can be told in one. */
const DIRECTORY = readFileSync(fileURLToPath(new URL('../../../examples/directory.yaml', import.meta.url)), 'utf8');
export const KEY = 'th_north_1';

/** One installation: its data directory and its stores. */
export interface Installation {
  readonly dataDirectory: string;
  readonly env: Readonly<Record<string, string>>;
}

/** A data directory that is gone when the test ends; without `env` both stores are in it. */
export function installation(env: Readonly<Record<string, string>> = {}): Installation {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'tallyhouse-operations-'));
  onTestFinished(() => rmSync(dataDirectory, { recursive: true, force: true }));
  return { dataDirectory, env };
}

export async function apply({ dataDirectory, env }: Installation, yaml = DIRECTORY): Promise<void> {
  await applyDirectory(yaml, environment(dataDirectory, { env }));
}

/** Serves until the test ends, or stops or kills it. */
export async function serve(
  { dataDirectory, env }: Installation,
  more: Readonly<Record<string, string>> = {},
): Promise<TestServer> {
  const server = await startServer({ dataDirectory, env: { ...env, ...more } });
  onTestFinished(() => server.kill());
  return server;
}

export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command of the built program with the settings of an installation. */
export function run(
  { dataDirectory, env }: Installation,
  args: readonly string[],
  more: Readonly<Record<string, string>> = {},
): Promise<CommandResult> {
  const settings = environment(dataDirectory, { env: { ...env, ...more } });
  return new Promise((resolve) => {
    execFile(process.execPath, [PROGRAM, ...args], { env: settings, maxBuffer: 1e8 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      resolve({ code, stdout, stderr });
    });
  });
}

/** Runs a command that has to succeed; its output. */
export async function succeed(
  place: Installation,
  args: readonly string[],
  more: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { code, stdout, stderr } = await run(place, args, more);
  if (code !== 0) throw new Error(`tallyhouse ${args.join(' ')} ended with ${code}: ${stderr}${stdout}`);
  return stdout;
}

/** Clients that send rows of all kinds, one request after the other, until they are told to stop. */
export class Load {
  readonly acknowledged: DrillRequest[] = [];
  /** Sent, and never answered. */
  readonly unanswered: DrillRequest[] = [];
  readonly #clients: Promise<void>[];
  #running = true;

  constructor(url: string, options: { readonly clients: number; readonly prefix: string; readonly seed?: number }) {
    const random = new Random(options.seed ?? 1);
    this.#clients = Array.from({ length: options.clients }, async (_, client) => {
      const requests = new DrillRequests(random, `${options.prefix}-${client}`);
      while (this.#running) {
        const request = requests.next();
        const answer = await send(url, KEY, request);
        (answer === null ? this.unanswered : this.acknowledged).push(request);
      }
    });
  }

  async stop(): Promise<void> {
    this.#running = false;
    await Promise.all(this.#clients);
  }
}

export function marksOf(requests: readonly DrillRequest[]): string[] {
  return requests.flatMap(({ marks }) => marks);
}

/** How often each mark is in the store, read back through an export. */
export async function storedMarks(url: string): Promise<Map<string, number>> {
  const response = await fetch(`${url}/api/v1/export/requests?format=ndjson`, {
    headers: { authorization: `Bearer ${KEY}` },
  });
  if (response.status !== 200) throw new Error(`the export answered ${response.status}: ${await response.text()}`);
  const marks = new Map<string, number>();
  for (const line of (await response.text()).split('\n')) {
    if (line === '') continue;
    const { user } = JSON.parse(line) as { user: string };
    marks.set(user, (marks.get(user) ?? 0) + 1);
  }
  return marks;
}

/** One question to the native API; the rows of the answer. */
export async function ask(url: string, question: object): Promise<unknown> {
  const response = await fetch(`${url}/api/v1/query`, {
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify(question),
  });
  const body = (await response.json()) as { rows?: unknown };
  if (response.status !== 200) throw new Error(`the query answered ${response.status}: ${JSON.stringify(body)}`);
  return body.rows;
}
