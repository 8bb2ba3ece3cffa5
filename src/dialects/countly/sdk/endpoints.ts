import type { Services } from '../../dialect.ts';
import { sentByApp } from '../access/sent-by-app.ts';
import { message, type Answer } from '../transport/answer.ts';
import type { Endpoint } from '../transport/call.ts';
import { text } from '../transport/parameters.ts';
import { contentSchema, sdkSchema } from './schema.ts';

/**
 * What SDKs ask for besides writing (contract 2.12): server configuration, remote configuration, widgets, content. There
 * is none of it here, and the answers say so; nothing is counted.
 */
export function sdkEndpoints({ directory, clock }: Pick<Services, 'directory' | 'clock'>): readonly Endpoint[] {
  const endpoint = (path: string, schema: Endpoint['schema'], answerOf: (method: string) => Answer): Endpoint => ({
    path,
    ...(schema === undefined ? {} : { schema }),
    run: async (call) => {
      const sent = sentByApp(await directory.apps(), call);
      return sent.ok ? answerOf(text(call.parameters, 'method')) : sent.problem;
    },
  });
  const sdk = (method: string): Answer => {
    switch (method) {
      case 'sc':
        return { body: { v: 2, t: clock.now(), c: {} } };
      case 'rc':
      case 'fetch_remote_config':
        return { body: {} };
      case 'ab':
        return message('Success');
      case 'feedback':
        return { body: { result: [] } };
      default:
        return INVALID_METHOD;
    }
  };
  return [
    endpoint('/o/sdk', sdkSchema, sdk),
    endpoint('/i/sdk', undefined, sdk),
    endpoint('/o/sdk/content', contentSchema, (method) => (method === 'queue' ? { body: {} } : INVALID_METHOD)),
  ];
}

const INVALID_METHOD = message('Invalid method', 400);
