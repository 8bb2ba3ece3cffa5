import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import { Option } from 'commander';
import { isStreamName, streamNames } from '../domain/streams/index.ts';
import { systemClock } from '../domain/time/clock.ts';
import { formatRfc3339Utc } from '../domain/time/rfc3339.ts';
import { UTC } from '../domain/time/zones.ts';
import { endpointOf, withEndpoint, type EndpointOptions } from './remote/endpoint.ts';
import { NoAnswer, refusal, request } from './remote/request.ts';
import { sinceInstant, windowOf, withWindow, type WindowOptions } from './remote/window.ts';
import { CliError, type CliCommand, type Terminal } from './command.ts';
import { untilInterrupted } from './interruption.ts';
import { repeated } from './option-values.ts';
import { startProgress } from './progress.ts';
import { writeWholeFile } from './whole-file.ts';

interface ExportOptions extends EndpointOptions, WindowOptions {
  readonly format: (typeof FORMATS)[number];
  readonly organization: readonly string[];
  readonly descendants?: true;
  readonly out: string;
}

const FORMATS = ['csv', 'ndjson', 'parquet'] as const;

/** `tallyhouse export STREAM`: the rows of a stream as they came in, streamed to a file or standard output. */
export const exportCommand: CliCommand = (program, terminal) => {
  const command: Command = program
    .command('export')
    .description('fetch the rows of a stream from a running server, in the form that import takes')
    .argument('<stream>', `one of ${streamNames.join(', ')}`)
    .addOption(new Option('--format <format>', 'form of the rows').choices(FORMATS).default('ndjson'))
    .option('--out <file>', 'where to; the file appears when it is whole; - for standard output', '-');
  withWindow(command, { since: 'the first row', until: 'the last row' })
    .option('--organization <name>', "uid or key of another organization than the key's own; repeatable", repeated, [])
    .option('--descendants', 'also the organizations below');
  withEndpoint(command).action(async (stream: string, options: ExportOptions) => {
    await exportStream(stream, options, terminal);
  });
};

async function exportStream(stream: string, options: ExportOptions, terminal: Terminal): Promise<void> {
  if (!isStreamName(stream))
    throw new CliError(`there is no stream "${stream}"; there are ${streamNames.join(', ')}`, 2);
  const endpoint = endpointOf(options, terminal);
  const path = `/api/v1/export/${stream}?${parametersOf(options).toString()}`;
  if (options.out === '-' && options.format === 'parquet' && terminal.stdout.isTTY === true) {
    throw new CliError('Parquet is not for the eye: name a file with --out', 2);
  }

  await untilInterrupted(async (signal) => {
    const response = await request(endpoint, { method: 'GET', path, signal });
    if (response.status !== 200 || response.body === null) throw await refusal(response, endpoint);
    const body = Readable.fromWeb(response.body);
    const progress = startProgress(terminal, null);
    let bytes = 0;
    const counted = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        bytes += chunk.length;
        progress.at(bytes, `${(bytes / 1_000_000).toFixed(1)} MB`);
        done(null, chunk);
      },
    });
    try {
      if (options.out === '-') await pipeline(body, counted, terminal.stdout, { end: false, signal });
      else await writeWholeFile(options.out, (file) => pipeline(body, counted, file, { signal }));
    } catch (error) {
      signal.throwIfAborted();
      if (isClosedPipe(error) || error instanceof CliError || isFileError(error)) throw error;
      const kept = options.out === '-' ? '' : '; no file was written';
      throw new NoAnswer(`the export broke off after ${bytes} bytes${kept}`, { cause: error });
    } finally {
      progress.end();
    }
  });
}

function parametersOf(options: ExportOptions): URLSearchParams {
  const { since, until, zone } = windowOf(options);
  const parameters = new URLSearchParams({ format: options.format });
  if (since !== null) parameters.set('since', formatRfc3339Utc(sinceInstant(since, systemClock.now(), zone ?? UTC)));
  if (until !== null) parameters.set('until', formatRfc3339Utc(until));
  for (const name of options.organization) parameters.append('organization', name);
  if (options.descendants === true) parameters.set('descendants', 'true');
  return parameters;
}

/** Disk full, no permission: told in the system's own words. */
function isFileError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && (error.syscall === 'write' || error.syscall === 'fsync');
}

function isClosedPipe(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EPIPE';
}
