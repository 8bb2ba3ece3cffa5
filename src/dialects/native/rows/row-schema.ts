import Type, { type TSchema } from 'typebox';
import { streamNames, streams, type Field, type StreamName } from '../../../domain/streams/index.ts';

/**
 * A row of each stream for the API reference, made from the declaration that also makes the row parser. Rows are not
 * validated by it: the parser is faster and says better what is wrong.
 */
function rowSchema(stream: StreamName): TSchema {
  const { fields, description } = streams[stream];
  const accepted = fields.filter((field) => field.derived !== true);
  const own: [string, TSchema][] = [
    [
      'id',
      Type.Union([Type.String({ maxLength: 256 }), Type.Integer()], {
        description: 'Your own name of the row: it is stored once.',
      }),
    ],
    ['organization', Type.String({ description: 'Uid or key, when the key covers several organizations.' })],
  ];
  return Type.Object(
    Object.fromEntries(
      [...own, ...accepted.map((field): [string, TSchema] => [field.name, fieldSchema(field)])].map(
        ([name, schema]) => [
          name,
          accepted.some((field) => field.name === name && field.required === true) ? schema : Type.Optional(schema),
        ],
      ),
    ),
    { $id: `Row-${stream}`, title: stream, description, additionalProperties: false },
  );
}

export const ROW_SCHEMAS: readonly TSchema[] = streamNames.map(rowSchema);

function fieldSchema({ type, description }: Field): TSchema {
  switch (type.kind) {
    case 'time':
      return Type.String({ description: `${description} RFC 3339 with offset.`, examples: ['2026-11-21T10:00:00Z'] });
    case 'text':
      return type.oneOf === undefined
        ? Type.String({ description, maxLength: type.maxLength })
        : Type.Enum([...type.oneOf], { description });
    case 'integer':
      return Type.Integer({ description, minimum: type.min, maximum: type.max, ...withDefault(type.default) });
    case 'number':
      return Type.Number({ description, ...withDefault(type.default) });
    case 'json':
      return Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()]), { description });
  }
}

function withDefault(value: number | undefined): { readonly default?: number } {
  return value === undefined ? {} : { default: value };
}
