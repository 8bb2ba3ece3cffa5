import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { StreamName } from '../../domain/streams/index.ts';
import type { FactsAnswer } from '../../dialects/native/wire.ts';
import type { Endpoint } from '../remote/endpoint.ts';
import type { PatientSender } from '../remote/patience.ts';
import { refusal } from '../remote/request.ts';
import { CliError } from '../command.ts';
import type { RowBatch } from './batches.ts';
import type { ImportTally } from './tally.ts';

const compress = promisify(gzip);

export interface SendParts {
  readonly endpoint: Endpoint;
  readonly sender: PatientSender;
  readonly stream: StreamName;
  readonly tally: ImportTally;
}

/**
 * Sends one batch until the server has answered for each of its rows, and counts the answer. Rows carry ids, so a batch
 * may be sent again whatever became of it the first time.
 */
export async function sendBatch(batch: RowBatch, parts: SendParts): Promise<void> {
  const { endpoint, sender, stream, tally } = parts;
  const body = await compress(`${batch.rows.join('\n')}\n`, { level: 1 });
  const { response, text, uncertain } = await sender.send({
    method: 'POST',
    path: `/api/v1/facts/${stream}`,
    headers: { 'content-type': 'application/x-ndjson', 'content-encoding': 'gzip' },
    body,
  });
  if (response.status === 200 || response.status === 422) {
    const answer = factsAnswer(text);
    if (answer !== null) {
      if (uncertain) tally.repeated += answer.duplicate;
      return count(batch, answer, tally);
    }
  }
  // A server with a smaller limit than ours gets smaller requests.
  if (response.status === 413 && batch.rows.length > 1) {
    for (const half of halves(batch)) await sendBatch(half, parts);
    return;
  }
  if (response.status === 413) {
    return count(batch, { accepted: 0, duplicate: 0, rejected: [{ index: 0, problem: 'is too large' }] }, tally);
  }
  throw await refusal(new Response(text, { status: response.status, headers: response.headers }), endpoint);
}

function count({ places }: RowBatch, { accepted, duplicate, rejected }: FactsAnswer, tally: ImportTally): void {
  tally.accepted += accepted;
  tally.duplicate += duplicate;
  for (const { index, problem, field } of rejected) {
    const place = places[index] ?? { file: '', line: 0 };
    tally.reject({ ...place, problem: field === undefined ? problem : `${field}: ${problem}` });
  }
  if (accepted + duplicate + rejected.length !== places.length) {
    throw new CliError(`the server answered for ${accepted + duplicate + rejected.length} of ${places.length} rows`);
  }
}

function halves({ rows, places }: RowBatch): readonly RowBatch[] {
  const middle = Math.ceil(rows.length / 2);
  return [
    { rows: rows.slice(0, middle), places: places.slice(0, middle) },
    { rows: rows.slice(middle), places: places.slice(middle) },
  ];
}

function factsAnswer(text: string): FactsAnswer | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const { accepted, duplicate, rejected } =
    typeof value === 'object' && value !== null ? (value as Partial<FactsAnswer>) : {};
  if (typeof accepted !== 'number' || typeof duplicate !== 'number' || !Array.isArray(rejected)) return null;
  return { accepted, duplicate, rejected };
}
