import type { Services } from '../../dialect.ts';
import { describe, READ_PARAMETERS, READ_REFUSALS, type EndpointSchema } from '../reference.ts';
import { message, type Answer } from '../transport/answer.ts';
import type { Call, Endpoint } from '../transport/call.ts';
import { text } from '../transport/parameters.ts';
import { appIdOf, openApp, type AppRead } from './app-read.ts';

/** One value of `method` (contract 3). */
export interface ReadMethod {
  /** One sentence for the API reference. */
  readonly summary: string;
  /** An answer, for the API reference. */
  readonly example: unknown;
  readonly run: (read: AppRead) => Promise<Answer>;
}

export type ReadMethods = ReadonlyMap<string, ReadMethod>;

/** `/o`: the app, then the method, then who asks (contract 3.1). */
export function readEndpoint(services: Pick<Services, 'access' | 'directory'>, methods: ReadMethods): Endpoint {
  return {
    path: '/o',
    schema: schemaOf(methods),
    run: async (call: Call) => {
      const id = appIdOf(call);
      if (!id.ok) return id.problem;
      const method = methods.get(text(call.parameters, 'method'));
      if (method === undefined) return message('Invalid method', 400);
      const read = await openApp(services, call, id.value);
      return read.ok ? method.run(read.value) : read.problem;
    },
  };
}

function schemaOf(methods: ReadMethods): EndpointSchema {
  const rows = [...methods].map(([name, { summary }]) => `| \`${name}\` | ${summary} |`);
  return describe({
    tag: 'Read, v1',
    summary: 'What an app has counted, as trees over its calendar and otherwise',
    description: ['| `method` | Answers |', '|---|---|', ...rows].join('\n'),
    keyed: true,
    required: { ...READ_PARAMETERS, method: [...methods.keys()].map((name) => `\`${name}\``).join(', ') },
    optional: {
      action: '`refresh`: the running day only.',
      period: 'Limits trees to the months it touches, and what has no tree to the period; see `/o/analytics/sessions`.',
      event: 'Key of an event, for `events`; its first one when absent.',
      events: 'JSON array of keys, for `events`: their sum.',
      segmentation: 'Name of a segment, or `no-segment`, for `events`.',
      metric: '`users`, `countries`, `os` …, for `total_users`.',
      span: 'Number of cohorts, for `retention`; or `range=[from,to]`.',
      rettype: '`full`, `classic` or `unbounded`, for `retention`; its `period` is `adaily`, `aweekly` or `amonthly`.',
      evt: 'Key of the event that counts as coming again, for `retention`.',
    },
    answers: Object.fromEntries([...methods].map(([name, { example }]) => [name, example])),
    refusals: { ...READ_REFUSALS, 400: [...(READ_REFUSALS[400] ?? []), 'Invalid method'] },
  });
}
