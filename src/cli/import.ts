import { statSync } from 'node:fs';
import type { Command } from 'commander';
import { Option } from 'commander';
import { isStreamName, streamNames, type StreamName } from '../domain/streams/index.ts';
import { endpointOf, withEndpoint, type EndpointOptions } from './remote/endpoint.ts';
import { GaveUp, PatientSender } from './remote/patience.ts';
import { CliError, type CliCommand, type Terminal } from './command.ts';
import { fileSource, streamSource, type ByteSource } from './import/byte-source.ts';
import { cloudFrontReader, combinedReader } from './import/access-log-rows.ts';
import { csvReader } from './import/csv-rows.ts';
import { jsonReader } from './import/json-rows.ts';
import { mappedField, type FieldMap } from './import/json-fields.ts';
import { ndjsonReader } from './import/ndjson-rows.ts';
import { RejectedLines } from './import/rejected-lines.ts';
import {
  formatOfName,
  IMPORT_FORMATS,
  type ImportFormat,
  type ReaderOptions,
  type RowReader,
} from './import/row-format.ts';
import { runImport, type ImportSource } from './import/run-import.ts';
import { sendBatch } from './import/send-batch.ts';
import { ImportTally, type ImportCounts } from './import/tally.ts';
import type { RowBatch } from './import/batches.ts';
import { Interrupted, untilInterrupted } from './interruption.ts';
import { wholeNumber } from './option-values.ts';
import { startProgress, type Progress } from './progress.ts';

interface ImportOptions extends EndpointOptions {
  readonly format?: ImportFormat;
  readonly service: string;
  readonly map: FieldMap;
  readonly rejects?: string;
  readonly strict?: true;
  readonly patience: number;
  readonly json?: true;
}

const LONG_WAIT_MS = 5_000;

/**
 * `tallyhouse import STREAM FILE…`: rows from files to a running server. Each row is stored once: whoever runs the same
 * command again, after an interruption or because the file has grown, adds only what is missing.
 */
export const importCommand: CliCommand = (program, terminal) => {
  const command: Command = program
    .command('import')
    .description('send rows from files to a running server; rows that are there already are only counted')
    .argument('<stream>', `one of ${streamNames.join(', ')}`)
    .argument('<file...>', 'NDJSON, CSV with a header, or an access log; gzip too; - for standard input');
  withEndpoint(command)
    .addOption(
      new Option('--format <format>', 'what the files are (default: what their names say)').choices(IMPORT_FORMATS),
    )
    .option('--service <name>', 'service of the rows of an access log', 'web')
    .option('--map <field=path>', 'where a JSON access log has the field; may be repeated', mappedField, new Map())
    .option('--rejects <file>', 'write rejected lines there, as NDJSON with file, line and problem')
    .option('--strict', 'exit with 1 when a line was rejected')
    .option('--patience <seconds>', 'how long to wait for a server that went away', wholeNumber(0, 86_400), 300)
    .option('--json', 'print the counts as JSON')
    .action(async (stream: string, files: readonly string[], options: ImportOptions) => {
      await importFiles(stream, files, options, terminal);
    });
};

async function importFiles(
  streamName: string,
  files: readonly string[],
  options: ImportOptions,
  terminal: Terminal,
): Promise<void> {
  const stream = streamOf(streamName);
  const endpoint = endpointOf(options, terminal);
  const sources = files.map((file) =>
    sourceOf(file, { stream, service: options.service, map: options.map }, options.format, terminal),
  );
  const progress = startProgress(terminal, totalBytes(files));
  const rejected = new RejectedLines({ severalFiles: files.length > 1, file: options.rejects, say: progress.say });
  const tally = new ImportTally((line) => rejected.add(line));
  let bytes = 0;
  const show = (): void => progress.at(bytes, noteOf(tally.counts()));

  try {
    await untilInterrupted(async (signal) => {
      let lastReason = '';
      // A server that lets a few requests a second through would have the same said over and over.
      const onWait = (reason: string, ms: number): void => {
        if (reason === lastReason && ms < LONG_WAIT_MS) return;
        lastReason = reason;
        progress.say(`${reason.replace(/\.$/, '')}; trying again in ${Math.ceil(ms / 1000)} s`);
      };
      const sender = new PatientSender(endpoint, { giveUpMs: options.patience * 1000, onWait, signal });
      const send = async (batch: RowBatch): Promise<void> => {
        await sendBatch(batch, { endpoint, sender, stream, tally });
        show();
      };
      const consumed = (count: number): void => void (bytes += count);
      await runImport({ sources, tally, send, consumed, signal });
    });
  } catch (error) {
    finish(progress, rejected);
    if (answeredFor(tally) > 0) terminal.stderr.write(`before it ended: ${noteOf(tally.counts())}\n`);
    throw withAdvice(error);
  }
  finish(progress, rejected);
  report(tally.counts(), options, terminal);
}

function finish(progress: Progress, rejected: RejectedLines): void {
  progress.end();
  rejected.end();
}

function streamOf(name: string): StreamName {
  if (isStreamName(name)) return name;
  throw new CliError(`there is no stream "${name}"; there are ${streamNames.join(', ')}`, 2);
}

const READERS: Readonly<Record<ImportFormat, (options: ReaderOptions) => RowReader>> = {
  ndjson: () => ndjsonReader,
  csv: csvReader,
  combined: combinedReader,
  cloudfront: cloudFrontReader,
  json: jsonReader,
};

function sourceOf(
  file: string,
  options: ReaderOptions,
  given: ImportFormat | undefined,
  { stdin }: Terminal,
): ImportSource {
  const format = given ?? formatOfName(file);
  if (format === null) {
    throw new CliError(`${file}: its name does not say what it is; give --format ${IMPORT_FORMATS.join('|')}`, 2);
  }
  const accessLog = format === 'combined' || format === 'cloudfront' || format === 'json';
  if (accessLog && options.stream !== 'requests') {
    throw new CliError(`an access log has rows of requests, not of ${options.stream}`, 2);
  }
  if (options.map.size > 0 && format !== 'json') throw new CliError('--map is for --format json', 2);
  const source: ByteSource = file === '-' ? streamSource('standard input', stdin) : fileSource(file);
  return { source, reader: READERS[format](options) };
}

/** Null when a size is not known before the end. A file that is not there is noticed before anything is sent. */
function totalBytes(files: readonly string[]): number | null {
  let total: number | null = 0;
  for (const file of files) {
    if (file === '-') {
      total = null;
      continue;
    }
    const stat = statSync(file, { throwIfNoEntry: false });
    if (stat === undefined) throw new CliError(`${file}: there is no such file`, 2);
    if (stat.isDirectory()) throw new CliError(`${file}: is a directory; name its files`, 2);
    total = total === null || !stat.isFile() ? null : total + stat.size;
  }
  return total;
}

function answeredFor({ accepted, duplicate, rejected }: ImportCounts): number {
  return accepted + duplicate + rejected;
}

function noteOf({ accepted, duplicate, rejected }: ImportCounts): string {
  return `${accepted} accepted, ${duplicate} duplicate, ${rejected} rejected`;
}

function report(counts: ImportCounts, { json, strict }: ImportOptions, { stdout }: Terminal): void {
  const { lines, accepted, duplicate, rejected, repeated } = counts;
  const perhaps = repeated === 0 ? '' : ` (${repeated} of them perhaps stored by this run, before an answer was lost)`;
  const table: [string, number, string][] = [
    ['lines', lines, ''],
    ['accepted', accepted, ''],
    ['duplicate', duplicate, perhaps],
    ['rejected', rejected, ''],
  ];
  const width = String(lines).length;
  if (json === true) stdout.write(`${JSON.stringify(counts)}\n`);
  else
    stdout.write(table.map(([name, n, more]) => `${name.padEnd(9)}  ${String(n).padStart(width)}${more}\n`).join(''));
  if (lines > 0 && rejected === lines) throw new CliError('every line was rejected: are stream and --format right?');
  if (strict === true && rejected > 0) throw new CliError(`${rejected} of ${lines} lines were rejected`);
}

/** Whatever ended the run, nothing is counted twice by another. */
function withAdvice(error: unknown): unknown {
  if (!(error instanceof Interrupted || error instanceof GaveUp)) return error;
  return new CliError(`${error.message.replace(/\.$/, '')}; the same command goes on where this one ended`);
}
