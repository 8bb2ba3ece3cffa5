import Type from 'typebox';
import { JSON_TYPES, LINE_TYPES } from './body/body-format.ts';
import { answers, reference } from './route-schema.ts';
import { ROW_SCHEMAS } from './rows/row-schema.ts';
import { FactsAnswer, STREAMS } from './wire.ts';

const ANY_ROW = { oneOf: ROW_SCHEMAS.map(reference) };
const [JSON_TYPE = ''] = JSON_TYPES;
const [LINE_TYPE = ''] = LINE_TYPES;

/** What `POST /api/v1/facts/{stream}` takes and answers, for the API reference; its rows are read by hand. */
export const FACTS_SCHEMA = {
  operationId: 'sendFacts',
  tags: ['Facts'],
  summary: 'Sends rows of a stream',
  description: `Answers when every accepted row is on disk. Rows with an \`id\` are stored once per organization and stream. A
body may be compressed (\`Content-Encoding: gzip\`, \`deflate\` or \`br\`). Without a type the body decides: what begins with
\`[\` is an array.`,
  params: Type.Object({ stream: Type.Enum(STREAMS, { description: 'Name of the stream.' }) }),
  headers: Type.Object({
    'idempotency-key': Type.Optional(
      Type.String({
        maxLength: 255,
        description:
          'Your name of the request: sent again with the same body it changes nothing; with another body it is refused.',
      }),
    ),
  }),
  body: {
    content: {
      [JSON_TYPE]: { schema: { oneOf: [{ type: 'array', items: ANY_ROW }, ANY_ROW] } },
      [LINE_TYPE]: { schema: Type.String({ description: 'One JSON object a line.' }) },
    },
  },
  response: {
    ...answers(FactsAnswer, 'At least one row was accepted or a duplicate.', [400, 401, 403, 404, 409, 413, 415, 429]),
    422: {
      description: 'Every row was rejected.',
      content: { 'application/json': { schema: reference(FactsAnswer) } },
    },
  },
};
