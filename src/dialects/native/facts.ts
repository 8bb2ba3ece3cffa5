import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Directory } from '../../directory/directory.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import type { Clock } from '../../domain/time/clock.ts';
import { isStreamName, streamNames, type StreamName } from '../../domain/streams/index.ts';
import type { Batch, Guard } from '../../ingest/batch.ts';
import type { Ingest } from '../../ingest/ingest.ts';
import type { BulkBatch } from '../../ingest/packed-rows.ts';
import { bodyFormat, JSON_TYPES, LINE_TYPES } from './body/body-format.ts';
import { BodyIntake } from './body/body-intake.ts';
import { decodeBody } from './body/decode-body.ts';
import { rowsOf } from './body/rows-of-body.ts';
import { callerOf, type Caller } from './caller.ts';
import { factsAnswer, repeatAnswer, statusOf } from './facts-answer.ts';
import { FACTS_SCHEMA } from './facts-schema.ts';
import { RowCollector, type CollectedRows } from './rows/collect-rows.ts';
import { loadReferences } from './rows/load-references.ts';
import type { References } from './rows/references.ts';
import { rowParser } from './rows/row-parser.ts';
import { sendProblem } from './send-problem.ts';
import type { FactsAnswer } from './wire.ts';

/** The ledger's name for what comes this way. */
const SOURCE = 'native';
const JSON_TYPE = 'application/json; charset=utf-8';
/** The rows of smaller bodies are read at once. */
const SMALL_BYTES = 64 * 1024;
const IDEMPOTENCY_KEY = /^[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?$/;

const parsers = Object.fromEntries(streamNames.map((name) => [name, rowParser(name)])) as Readonly<
  Record<StreamName, ReturnType<typeof rowParser>>
>;

export interface FactsParts {
  readonly ingest: Ingest;
  readonly directory: Directory;
  readonly clock: Clock;
  /** Largest body, as sent and decoded. */
  readonly bodyBytes: number;
}

/** `POST /api/v1/facts/{stream}` (design 7): rows in, answered when they are on disk. */
export async function registerFacts(api: FastifyInstance, parts: FactsParts): Promise<void> {
  const { ingest, bodyBytes } = parts;
  const intake = new BodyIntake(bodyBytes);

  async function take(request: FastifyRequest, reply: FastifyReply, body: Buffer): Promise<FastifyReply> {
    const { stream } = request.params as { stream: string };
    if (!isStreamName(stream)) return sendProblem(request, reply, { kind: 'not_found', what: 'stream', key: stream });
    const guard = idempotencyKey(request.headers['idempotency-key']);
    if (!guard.ok) return sendProblem(request, reply, guard.problem);
    const encoding = request.headers['content-encoding'];
    const caller = callerOf(request);

    const answer = await intake.inTurn(body, encoding !== undefined, async (): Promise<Result<FactsAnswer>> => {
      const content = encoding === undefined ? ok(body) : await decodeBody(body, encoding, bodyBytes);
      if (!content.ok) return content;
      // Nothing is waited for that is there already: each wait is a part of what a small request costs.
      const loading = loadReferences(parts, stream, caller);
      const references = loading instanceof Promise ? await loading : loading;
      const small = content.value.length <= SMALL_BYTES;
      const collector = rowCollector(content.value, request.headers['content-type'], stream, {
        references,
        mayBeBulk: guard.value !== null && !small,
      });
      if (!collector.ok) return collector;
      const rows = small ? collector.value.atOnce() : await intake.parseInTurn(() => collector.value.inTurns());
      if (!rows.ok) return rows;
      const guarded = guard.value === null ? null : { key: guard.value, content: content.value };
      return store(ingest, caller, stream, rows.value, guarded);
    });
    if (!answer.ok) return sendProblem(request, reply, answer.problem);
    return reply.code(statusOf(answer.value)).type(JSON_TYPE).send(JSON.stringify(answer.value));
  }

  await api.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    // The usual types by name, which the framework finds sooner than "any".
    scope.addContentTypeParser([...JSON_TYPES, ...LINE_TYPES, '*'], (_request, payload, done) => {
      intake.read(payload, (body) => done(null, body));
    });
    scope.post('/facts/:stream', {
      config: { needs: 'ingest' },
      schema: FACTS_SCHEMA,
      // The rows are read by hand: faster, and a mistake in one leaves the others alone.
      validatorCompiler: () => () => true,
      handler: async (request, reply) => {
        const body = (request.body as Result<Buffer> | undefined) ?? ok(Buffer.alloc(0));
        if (!body.ok) return sendProblem(request, reply, body.problem);
        try {
          return await take(request, reply, body.value);
        } finally {
          intake.done(body.value);
        }
      },
    });
  });
}

function rowCollector(
  content: Buffer,
  contentType: string | undefined,
  stream: StreamName,
  { references, mayBeBulk }: { readonly references: References; readonly mayBeBulk: boolean },
): Result<RowCollector> {
  const format = bodyFormat(contentType);
  if (!format.ok) return format;
  const rows = rowsOf(content, format.value);
  if (!rows.ok) return rows;
  return ok(new RowCollector(rows.value, stream, parsers[stream], references, mayBeBulk));
}

async function store(
  ingest: Ingest,
  caller: Caller,
  stream: StreamName,
  rows: CollectedRows,
  guarded: { readonly key: string; readonly content: Buffer } | null,
): Promise<Result<FactsAnswer>> {
  if (guarded === null && rows.entries.length === 0 && rows.refused.length === 0) return ok(factsAnswer(rows, []));
  const guard: Guard | null =
    guarded === null
      ? null
      : {
          key: `native ${caller.organization} ${stream} ${guarded.key}`,
          fingerprint: createHash('sha256').update(guarded.content).digest('base64url'),
          answer: (outcomes) => JSON.stringify(repeatAnswer(factsAnswer(rows, outcomes))),
        };
  const receipt = await ingest.accept(batchOf(rows, guard));
  if (!receipt.ok) return receipt;
  const { repeated, outcomes } = receipt.value;
  return ok(repeated === null ? factsAnswer(rows, outcomes) : (JSON.parse(repeated) as FactsAnswer));
}

function batchOf({ entries, packed, refused }: CollectedRows, guard: Guard | null): Batch | BulkBatch {
  if (guard === null) return { source: SOURCE, entries, refused };
  return packed === null
    ? { source: SOURCE, entries, refused, guard }
    : { source: SOURCE, rows: packed, refused, guard };
}

/** 1 to 255 printable ASCII characters; null when the request has none. */
function idempotencyKey(header: string | string[] | undefined): Result<string | null> {
  if (header === undefined) return ok(null);
  if (typeof header === 'string' && IDEMPOTENCY_KEY.test(header)) return ok(header);
  const reason = 'has to be 1 to 255 printable ASCII characters';
  return fail({ kind: 'invalid_field', field: 'Idempotency-Key', reason });
}
