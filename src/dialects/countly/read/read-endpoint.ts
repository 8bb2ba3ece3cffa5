import type { Services } from '../../dialect.ts';
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
