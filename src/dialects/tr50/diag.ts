import type { Command } from './command.ts';
import { success } from './reply.ts';

export const diagPing: Command = {
  name: 'diag.ping',
  summary: 'Returns nothing, and so tells that the session is good.',
  example: {},
  run: () => success(),
};

export const diagTime: Command = {
  name: 'diag.time',
  summary: 'The time of the server in milliseconds since 1970.',
  example: { reply: { time: 1748865600000 } },
  run: (_params, { now }) => success({ time: now }),
};
