import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { Session } from 'chdb';
import { BridgeException, exceptionOf } from './exception.ts';
import type { Behaviour, FromBridge, ToBridge } from './protocol.ts';
import { authenticate, readRequest } from './request.ts';
import { runStatement } from './statement.ts';

/**
 * ClickHouse's HTTP interface over the embedded engine: enough of it for the real client, so that the way over the wire
 * is tried against the real engine. Loads the engine in the main thread of a process of its own.
 */
const [directory = '', port = '0'] = process.argv.slice(2);
// Holds the engine open; every request has a session of its own.
const keeper = new Session(directory);
let behaviour: Behaviour = { kind: 'normal' };

const server = createServer((request, response) => {
  void answer(request, response).catch((error: unknown) => {
    console.error(error);
    response.destroy();
  });
});
server.requestTimeout = 0;
server.listen(Number(port), '127.0.0.1', () => {
  const address = server.address();
  if (address !== null && typeof address === 'object') send({ port: address.port });
});

process.on('message', (message: ToBridge) => {
  behaviour = message.behaviour;
  send({ behaves: behaviour.kind });
});
process.on('disconnect', () => process.exit(0));

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const how = behaviour;
  if (how.kind === 'reset') return void request.socket.destroy();
  if (how.kind === 'hang') return;
  if (how.kind === 'slow') await sleep(how.delayMs);
  if (how.kind === 'status') return void response.writeHead(how.status).end(how.body);
  const url = new URL(request.url ?? '/', 'http://bridge');
  if (url.pathname === '/ping') return void response.end('Ok.\n');
  try {
    if (how.kind === 'exception')
      throw new BridgeException(how.code, how.name, `Code: ${how.code}. DB::Exception: on purpose`);
    authenticate(request);
    const statement = await readRequest(request, url);
    if (how.kind === 'lose-answer' && statement.text.startsWith('INSERT')) {
      behaviour = { kind: 'normal' };
      await runStatement(directory, statement, null);
      return void request.socket.destroy();
    }
    await runStatement(directory, statement, response);
  } catch (error) {
    const exception = exceptionOf(error);
    if (response.headersSent) return void response.destroy();
    response.writeHead(exception.status, {
      'content-type': 'text/plain; charset=UTF-8',
      'x-clickhouse-exception-code': String(exception.code),
    });
    response.end(exception.text);
  }
}

function send(message: FromBridge): void {
  process.send?.(message);
}

process.on('exit', () => keeper.close());
