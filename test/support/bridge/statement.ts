import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { unlinkSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Session, type ChdbQueryStream } from 'chdb';
import { exceptionOf } from './exception.ts';
import type { BridgeStatement } from './request.ts';

/** Formats whose pieces can be put one after another; the engine makes every piece of the others a whole document. */
const PIECEWISE = /\bFORMAT (JSONEachRow|LineAsString|Native)\b/;

/**
 * Runs the statement in a session of its own and sends the answer, if there is a response to send it in. Throws for
 * errors before its first byte.
 */
export async function runStatement(
  directory: string,
  statement: BridgeStatement,
  response: ServerResponse | null,
): Promise<void> {
  const session = new Session(directory);
  try {
    await prepare(session, statement);
    if (response !== null && statement.data === null && !statement.waitForEnd && PIECEWISE.test(statement.text)) {
      await sendPieces(session.queryStream(statement.text, { format: 'JSONEachRow' }), statement, response);
      return;
    }
    const answer = await session.queryAsync(withData(statement), { format: 'TabSeparated' });
    if (response === null) return;
    start(statement, response);
    response.end(Buffer.from(answer.bytes()));
  } finally {
    session.close();
  }
}

async function prepare(session: Session, { database, settings, params }: BridgeStatement): Promise<void> {
  const statements = [`USE \`${database}\``];
  for (const [name, value] of settings) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) throw new Error(`Code: 115. DB::Exception: Unknown setting ${name}`);
    statements.push(`SET ${name} = ${quote(value)}`);
  }
  // As on the wire, the text of a parameter is read in the escaped form of the engine's TabSeparated.
  for (const [name, value] of params) statements.push(`SET param_${name} = ${quote(value)}`);
  for (const text of statements) await session.queryAsync(text);
}

function withData({ text, data }: BridgeStatement): string {
  if (data === null) return text;
  const native = /^(INSERT INTO [^]*?)\s+FORMAT Native\s*$/.exec(text)?.[1];
  if (native === undefined) return `${text}\n${data.toString()}`;
  // Bytes that are no text reach the engine through a file only.
  const file = join(tmpdir(), `tallyhouse-bridge-${randomBytes(8).toString('hex')}.native`);
  writeFileSync(file, data);
  process.once('exit', () => unlinkSync(file));
  return `${native} SELECT * FROM file(${quote(file)}, 'Native')`;
}

function start({ queryId }: BridgeStatement, response: ServerResponse, tag?: string): void {
  response.writeHead(200, {
    'content-type': 'text/plain; charset=UTF-8',
    'x-clickhouse-query-id': queryId,
    'x-clickhouse-timezone': 'UTC',
    'x-clickhouse-summary': '{"read_rows":"0","read_bytes":"0","written_rows":"0","written_bytes":"0"}',
    ...(tag === undefined ? {} : { 'x-clickhouse-exception-tag': tag }),
  });
}

/** As the server from 25.11 on: an error after the first byte is appended between marks. */
async function sendPieces(
  stream: ChdbQueryStream,
  statement: BridgeStatement,
  response: ServerResponse,
): Promise<void> {
  const tag = randomBytes(8).toString('hex');
  const pieces = stream[Symbol.asyncIterator]();
  let step = await pieces.next();
  start(statement, response, tag);
  try {
    while (step.done !== true) {
      if (response.destroyed) break;
      if (!response.write(Buffer.from(step.value.raw()))) await drained(response);
      step = await pieces.next();
    }
  } catch (error) {
    const { text } = exceptionOf(error);
    const length = Buffer.byteLength(text);
    response.end(`\r\n__exception__\r\n${tag}\r\n${text}${length} ${tag}\r\n__exception__\r\n`);
    return;
  } finally {
    await pieces.return?.(undefined);
  }
  response.end();
}

async function drained(response: ServerResponse): Promise<void> {
  const over = new AbortController();
  const { signal } = over;
  await Promise.race([once(response, 'drain', { signal }), once(response, 'close', { signal })]);
  over.abort();
}

function quote(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\0', '\\0')}'`;
}
