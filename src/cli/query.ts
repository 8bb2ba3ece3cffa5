import type { Command } from 'commander';
import { Option } from 'commander';
import type { QueryAnswer } from '../dialects/native/wire.ts';
import { isStreamName, streamNames, streams } from '../domain/streams/index.ts';
import { systemClock } from '../domain/time/clock.ts';
import { formatRfc3339Utc } from '../domain/time/rfc3339.ts';
import { endpointOf, withEndpoint, type EndpointOptions } from './remote/endpoint.ts';
import { NoAnswer, refusal, request } from './remote/request.ts';
import { windowOf, withWindow, type WindowOptions } from './remote/window.ts';
import { CliError, type CliCommand, type Terminal } from './command.ts';
import { commaList, repeated, wholeNumber } from './option-values.ts';
import { parseFilter } from './query/filter.ts';
import { answerCsv, answerTable } from './query/render-answer.ts';

interface QueryOptions extends EndpointOptions, WindowOptions {
  readonly measures?: readonly string[];
  readonly by: readonly string[];
  readonly every?: string;
  readonly filter: readonly string[];
  readonly order?: readonly string[];
  readonly limit?: number;
  readonly offset?: number;
  readonly fill?: true;
  readonly organization: readonly string[];
  readonly descendants?: true;
  readonly format: 'table' | 'csv' | 'json';
}

const DEFAULT_SINCE = '7d';
const FORMATS = ['table', 'csv', 'json'] as const;

/** `tallyhouse query STREAM`: asks a running server and prints the answer. */
export const queryCommand: CliCommand = (program, terminal) => {
  const command: Command = program
    .command('query')
    .description('ask a running server: totals, breakdowns and time series of a stream')
    .argument('<stream>', `one of ${streamNames.join(', ')}`)
    .option('--measures <names>', "what is counted, comma separated (default: the stream's first measure)", commaList)
    .option('--by <names>', 'dimensions to break down by, comma separated', commaList, [])
    .option('--every <length>', 'a row for every 15m, 1h, 1d, 1w, 1M ... of local time');
  withWindow(command, { since: DEFAULT_SINCE, until: 'now' })
    .option(
      '--filter <condition>',
      'service=web,cdn  service!=web  url~text  url^=/start  user= (absent); repeatable',
      repeated,
      [],
    )
    .option('--order <names>', 'measures, dimensions or bucket, comma separated; -name for descending', commaList)
    .option('--limit <n>', 'at most so many rows', wholeNumber(0, 1_000_000))
    .option('--offset <n>', 'leave out so many rows first', wholeNumber(0, Number.MAX_SAFE_INTEGER))
    .option('--fill', 'with --every: also rows for times without facts')
    .option('--organization <name>', "uid or key of another organization than the key's own; repeatable", repeated, [])
    .option('--descendants', 'also the organizations below')
    .addOption(new Option('--format <format>', 'how the answer is printed').choices(FORMATS).default('table'));
  withEndpoint(command).action(async (stream: string, options: QueryOptions) => {
    await query(stream, options, terminal);
  });
};

async function query(stream: string, options: QueryOptions, terminal: Terminal): Promise<void> {
  const endpoint = endpointOf(options, terminal);
  const body = JSON.stringify(questionOf(stream, options));
  const response = await request(endpoint, {
    method: 'POST',
    path: '/api/v1/query',
    headers: { 'content-type': 'application/json' },
    body,
  });
  if (response.status !== 200) throw await refusal(response, endpoint);
  let answer: QueryAnswer;
  try {
    answer = (await response.json()) as QueryAnswer;
  } catch (error) {
    throw new NoAnswer(`the answer of ${endpoint.url} stopped half-way`, { cause: error });
  }
  print(answer, columnsOf(stream, options), options.format, terminal);
}

function print(
  answer: QueryAnswer,
  columns: readonly string[],
  format: QueryOptions['format'],
  terminal: Terminal,
): void {
  switch (format) {
    case 'json':
      terminal.stdout.write(`${JSON.stringify(answer)}\n`);
      return;
    case 'csv':
      terminal.stdout.write(answerCsv(answer.rows, columns));
      return;
    case 'table':
      terminal.stdout.write(answerTable(answer.rows, columns));
      terminal.stderr.write(`${answer.from} to ${answer.to}${answer.zone === null ? '' : `, ${answer.zone}`}\n`);
  }
}

/** The request of the native API that the options make. */
function questionOf(stream: string, options: QueryOptions): Record<string, unknown> {
  if (!isStreamName(stream))
    throw new CliError(`there is no stream "${stream}"; there are ${streamNames.join(', ')}`, 2);
  const { by, every, zone, order, limit, offset, fill, organization, descendants } = options;
  const filters = options.filter.map((condition) => parseFilter(condition, stream));
  return {
    stream,
    ...rangeOf(options),
    ...(every === undefined ? {} : { bucket: { every, ...(zone === undefined ? {} : { zone }) } }),
    measures: measuresOf(stream, options),
    ...(by.length === 0 ? {} : { dimensions: by }),
    ...(filters.length === 0 ? {} : { filters }),
    ...(order === undefined ? {} : { order: order.map(orderOf) }),
    ...(limit === undefined ? {} : { limit }),
    ...(offset === undefined ? {} : { offset }),
    ...(fill === undefined ? {} : { fill }),
    ...(organization.length === 0 ? {} : { organizations: organization }),
    ...(descendants === undefined ? {} : { descendants }),
  };
}

/** Lengths go to the server as they are: its clock decides, and days follow the calendar of the buckets' zone. */
function rangeOf(options: WindowOptions): Record<string, string> {
  const { since, until } = windowOf(options);
  if (since === null && until !== null) throw new CliError('--until needs a --since', 2);
  if (since === null) return { last: DEFAULT_SINCE };
  if (since.kind === 'length') return { last: since.text };
  return { from: formatRfc3339Utc(since.at), to: formatRfc3339Utc(until ?? systemClock.now()) };
}

function orderOf(name: string): { by: string; direction: 'ascending' | 'descending' } {
  return name.startsWith('-') ? { by: name.slice(1), direction: 'descending' } : { by: name, direction: 'ascending' };
}

function columnsOf(stream: string, options: QueryOptions): string[] {
  return [...(options.every === undefined ? [] : ['bucket']), ...options.by, ...measuresOf(stream, options)];
}

function measuresOf(stream: string, { measures }: QueryOptions): readonly string[] {
  if (measures !== undefined) return measures;
  const first = isStreamName(stream) ? streams[stream].measures[0] : undefined;
  return first === undefined ? [] : [first.name];
}
