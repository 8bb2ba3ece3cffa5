import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { CliError, type Terminal } from './command.ts';

/** The first line of standard input, for `--password-stdin`. */
export async function firstLineOfStdin({ stdin }: Terminal): Promise<string> {
  const [line = ''] = (await text(stdin)).split('\n');
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}

/** Asks on the terminal, and shows nothing of what is typed. */
export async function askHidden(question: string, { stdin, stderr }: Terminal): Promise<string> {
  if (stdin.isTTY !== true) throw new CliError('there is no terminal to ask on: use --password-stdin', 2);
  stderr.write(question);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: stdin, output: nowhere, terminal: true });
  try {
    return await new Promise<string>((resolve, reject) => {
      lines.once('line', resolve);
      lines.once('SIGINT', () => reject(new CliError('interrupted')));
      lines.once('close', () => reject(new CliError('interrupted')));
    });
  } finally {
    lines.close();
    stderr.write('\n');
  }
}
