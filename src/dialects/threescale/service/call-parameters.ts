import type { FastifyRequest } from 'fastify';
import { fail, ok, type Result } from '../../../domain/result.ts';
import { TOO_LARGE } from './body-reader.ts';
import { MAX_PARAMETERS, readForm, type Pairs } from './form-text.ts';
import { readMultipart } from './multipart.ts';
import { nested, type ValueMap } from './nested.ts';
import { BAD_REQUEST, contentTypeInvalid, type ServiceRefusal } from './refusals.ts';

/** Name under which a request keeps the Content-Type it came with. */
export const SENT_TYPE = 'sentContentType';

const FORM = 'application/x-www-form-urlencoded';
const MULTIPART = 'multipart/form-data';

export interface CallParameters {
  readonly values: ValueMap;
  /** Some of it is not UTF-8: refused after the credentials were looked at. */
  readonly isMalformed: boolean;
}

/** Those of the query. */
export function queryParameters(request: FastifyRequest): Result<CallParameters, ServiceRefusal> {
  const read = readForm(queryText(request));
  return read.ok ? valuesOf(read.value) : read;
}

/** Those of query and body; in the body they win (contract 5.2). */
export async function reportParameters(request: FastifyRequest): Promise<Result<CallParameters, ServiceRefusal>> {
  const contentType = request.getDecorator<string>(SENT_TYPE);
  const mediaType = (contentType.split(';', 1)[0] ?? '').trim().toLowerCase();
  if (mediaType !== '' && mediaType !== FORM && mediaType !== MULTIPART) return fail(contentTypeInvalid(mediaType));
  if (request.body === TOO_LARGE) return fail(BAD_REQUEST);
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const sent = mediaType === MULTIPART ? await multipart(body, contentType) : readForm(body.toString('latin1'));
  if (!sent.ok) return sent;
  const query = readForm(queryText(request));
  if (!query.ok) return query;
  if (sent.value.pairs.length + query.value.pairs.length > MAX_PARAMETERS) return fail(BAD_REQUEST);

  const [fromQuery, fromBody] = [valuesOf(query.value), valuesOf(sent.value)];
  if (!fromQuery.ok) return fromQuery;
  if (!fromBody.ok) return fromBody;
  return ok({
    values: new Map([...fromQuery.value.values, ...fromBody.value.values]),
    isMalformed: fromQuery.value.isMalformed || fromBody.value.isMalformed,
  });
}

async function multipart(body: Buffer, contentType: string): Promise<Result<Pairs, ServiceRefusal>> {
  if (body.length === 0) return ok({ pairs: [], isMalformed: false });
  const read = await readMultipart(body, contentType);
  return read.ok ? ok({ pairs: read.value, isMalformed: false }) : read;
}

function valuesOf({ pairs, isMalformed }: Pairs): Result<CallParameters, ServiceRefusal> {
  const values = nested(pairs);
  return values.ok ? ok({ values: values.value, isMalformed }) : values;
}

/** As it travelled, a character for each byte. */
function queryText(request: FastifyRequest): string {
  const url = request.raw.url ?? '';
  const at = url.indexOf('?');
  return at < 0 ? '' : url.slice(at + 1);
}
