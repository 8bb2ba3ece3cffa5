import { streams, type Field, type StreamName } from '../../../domain/streams/index.ts';

/** How one field of a row is read; flat, so that all fields of all streams share one shape on the hot path. */
export interface FieldPlan {
  readonly name: string;
  readonly reads: 'time' | 'text' | 'integer' | 'number' | 'json' | 'id' | 'organization';
  readonly min: number;
  /** Of texts: the most code points; of JSON: the most bytes. */
  readonly max: number;
  readonly oneOf: ReadonlySet<string> | null;
  /** An id or key: numbers are taken as their digits, digit texts as numbers. */
  readonly identifies: boolean;
  /** The text ends before its first dot (tr50.md appendix 5). */
  readonly endsAtDot: boolean;
}

export interface RowPlan {
  readonly stream: StreamName;
  readonly fields: ReadonlyMap<string, FieldPlan>;
  readonly required: readonly string[];
}

/** Fields that hold an id or key of something: "Ids may be numbers or digit strings" (design 7). */
const IDENTIFYING: Readonly<Record<StreamName, readonly string[]>> = {
  requests: ['stack', 'project', 'environment', 'application', 'thing', 'user'],
  usage: ['application'],
  sessions: ['app', 'device', 'user'],
  events: ['app', 'device'],
  visits: ['device', 'array'],
  inventory: ['uid'],
};

const MAX_ID_LENGTH = 256;

/** What may stand in a row of a stream, made once from its declaration. Fields the server derives are unknown here. */
export function rowPlan(stream: StreamName): RowPlan {
  const declared = streams[stream].fields.filter((field) => field.derived !== true);
  const own: FieldPlan[] = [
    { ...PLAIN, name: 'id', reads: 'id', max: MAX_ID_LENGTH },
    { ...PLAIN, name: 'organization', reads: 'organization' },
  ];
  return {
    stream,
    fields: new Map([...own, ...declared.map((field) => fieldPlan(stream, field))].map((plan) => [plan.name, plan])),
    required: declared.filter((field) => field.required === true && field.name !== 'time').map((field) => field.name),
  };
}

const PLAIN = { reads: 'text', min: 0, max: 0, oneOf: null, identifies: false, endsAtDot: false } as const;

function fieldPlan(stream: StreamName, { name, type }: Field): FieldPlan {
  const plan = { ...PLAIN, name, reads: type.kind, identifies: IDENTIFYING[stream].includes(name) };
  switch (type.kind) {
    case 'time':
    case 'number':
      return plan;
    case 'text':
      return {
        ...plan,
        max: type.maxLength,
        oneOf: type.oneOf === undefined ? null : new Set(type.oneOf),
        endsAtDot: stream === 'requests' && name === 'service',
      };
    case 'integer':
      return { ...plan, min: type.min, max: type.max };
    case 'json':
      return { ...plan, max: type.maxBytes };
  }
}
