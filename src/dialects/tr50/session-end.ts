import type { Command } from './command.ts';
import { errorOf } from './problems.ts';
import { failure, success } from './reply.ts';

export const sessionEnd: Command = {
  name: 'session.end',
  summary: 'Ends the session at once. `id` may name it; no other session can be ended.',
  example: {},
  async run(params, { session }) {
    const id = params.text('id');
    if (params.faults.length > 0) return failure(...params.faults.map(errorOf));
    if (id !== null && id !== session.id) return failure(errorOf({ kind: 'not_found', what: 'session', key: id }));
    await session.end();
    return success();
  },
};
