import type { FastifyInstance } from 'fastify';
import { dimensionsOf } from '../../domain/streams/dimensions.ts';
import { streamNames, streams, type Field } from '../../domain/streams/index.ts';
import { answers } from './route-schema.ts';
import { StreamsAnswer } from './wire.ts';

/** `GET /api/v1/streams`: what may be sent and asked, from the same declarations that rows and questions are read by. */
export function registerStreams(api: FastifyInstance): void {
  const answer: StreamsAnswer = {
    streams: streamNames.map((name) => ({
      name,
      description: streams[name].description,
      fields: streams[name].fields.map(fieldToWire),
      dimensions: [...dimensionsOf(streams[name]).keys()],
      measures: streams[name].measures.map((measure) => ({
        name: measure.name,
        description: measure.description,
        unit: measure.unit,
        aggregate: measure.aggregate.kind,
      })),
    })),
  };

  api.get('/streams', {
    config: { needs: 'any' },
    schema: {
      operationId: 'listStreams',
      tags: ['Questions'],
      summary: 'The fact streams: their fields, dimensions and measures',
      response: answers(StreamsAnswer, 'Every stream.', [401, 429]),
    },
    handler: async () => answer,
  });
}

function fieldToWire({
  name,
  type,
  description,
  required,
  dimension,
  derived,
}: Field): StreamsAnswer['streams'][number]['fields'][number] {
  return {
    name,
    type: type.kind,
    description,
    required: required === true,
    dimension: dimension === true,
    derived: derived === true,
    ...(type.kind === 'text'
      ? { max_length: type.maxLength, ...(type.oneOf === undefined ? {} : { one_of: [...type.oneOf] }) }
      : {}),
    ...(type.kind === 'json' ? { max_bytes: type.maxBytes } : {}),
    ...(type.kind === 'integer' ? { minimum: type.min, maximum: type.max } : {}),
    ...((type.kind === 'integer' || type.kind === 'number') && type.default !== undefined
      ? { default: type.default }
      : {}),
  };
}
