import type { Command } from 'commander';
import { CliError, type Terminal } from '../command.ts';

/** A running server and the key to talk to it. */
export interface Endpoint {
  readonly url: string;
  readonly key: string;
}

export interface EndpointOptions {
  readonly url?: string;
  readonly key?: string;
}

const DEFAULT_URL = 'http://127.0.0.1:4000';

/** Adds `--url` and `--key` to a command that talks to a server. */
export function withEndpoint(command: Command): Command {
  return command
    .option('--url <url>', `the server, or TALLYHOUSE_URL (default: ${DEFAULT_URL})`)
    .option('--key <key>', 'a native key of the organization, or TALLYHOUSE_KEY');
}

/** Settles options and variables. A mistake is wrong usage. */
export function endpointOf(options: EndpointOptions, { env }: Terminal): Endpoint {
  const url = options.url ?? (env['TALLYHOUSE_URL'] || DEFAULT_URL);
  const key = options.key ?? env['TALLYHOUSE_KEY'] ?? '';
  if (!URL.canParse(url) || !/^https?:\/\//i.test(url)) {
    throw new CliError(`"${url}" is no address of a server; give one like ${DEFAULT_URL} with --url`, 2);
  }
  if (new URL(url).search !== '' || new URL(url).hash !== '') {
    throw new CliError(`"${url}" has more than an address; give one like ${DEFAULT_URL} with --url`, 2);
  }
  if (key === '') {
    throw new CliError('no key: give --key or set TALLYHOUSE_KEY; "tallyhouse key add" makes one', 2);
  }
  if (!/^[\x21-\x7e]+$/.test(key)) throw new CliError('the key has characters that no key has', 2);
  return { url: url.replace(/\/+$/, ''), key };
}
