import { message } from './answer.ts';
import type { Endpoint } from './call.ts';

/** Everything below `/i` and `/o` that is no endpoint (contract 1.1). */
export const invalidPaths: readonly Endpoint[] = ['/i/*', '/o/*'].map((path) => ({
  path,
  run: async () => message('Invalid path', 400),
}));
