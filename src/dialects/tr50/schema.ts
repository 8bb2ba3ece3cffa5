import type { FastifySchema } from 'fastify';
import { commands } from './commands.ts';
import { MAX_COMMANDS } from './packet.ts';
import { CODES } from './problems.ts';

/** How clients present themselves, for the API reference. */
export const securitySchemes = {
  sessionId: {
    type: 'apiKey',
    in: 'header',
    name: 'sessionId',
    description: 'Session that `api.authenticate` returned. It may stand in the packet instead: `auth.sessionId`.',
  },
};

export const description = `The usage command of the TR50 protocol, with the session commands it needs.

One POST carries one JSON *packet*: under ids of your choice the commands to run, under \`auth\` a session or a login.
The answer has the same ids. The HTTP status is 200 whatever becomes of the commands; the Content-Type is ignored.

A command that fails does not hide the others. A packet that is refused as a whole has \`success: false\` at top level.

| Code | Concerns | Meaning |
|---|---|---|
${Object.values(CODES)
  .map(({ code, level, meaning }) => `| ${code} | ${level} | ${meaning} |`)
  .join('\n')}`;

/**
 * Describes the one route for the API reference; nothing is validated by it, because refusals have a form of their own.
 * Comes with an example for each command.
 */
export const routeSchema: FastifySchema & Readonly<Record<string, unknown>> = {
  summary: 'Run the commands of a packet',
  description: ['| Command | Does |', '|---|---|', ...[...commands.values()].map(row)].join('\n'),
  tags: ['TR50'],
  security: [{ sessionId: [] }],
  body: {
    type: 'object',
    description: `At most ${MAX_COMMANDS} commands besides \`auth\`, run one after the other.`,
    properties: {
      auth: {
        type: 'object',
        description:
          'A session, or the command `api.authenticate` with `username` and `password`, or with `appId`, ' +
          '`appToken` and `thingKey`. Absent when the session is in the header.',
        properties: { sessionId: { type: 'string' }, command: { type: 'string' }, params: { type: 'object' } },
      },
    },
    additionalProperties: {
      type: 'object',
      properties: { command: { type: 'string', enum: [...commands.keys()] }, params: { type: 'object' } },
      required: ['command'],
    },
    'x-examples': { 'api.authenticate': loginRequest(), ...examples('request') },
  },
  response: {
    200: {
      type: 'object',
      description: 'What became of each command, or the refusal of the packet.',
      additionalProperties: true,
      'x-examples': {
        'api.authenticate': {
          value: {
            auth: { success: true, params: { orgKey: 'NORTH', sessionId: '3f1c0a77d2b94e58a0c13f1c0a77d2b9' } },
          },
        },
        ...examples('reply'),
        'one command fails': {
          value: {
            a: { success: true },
            b: { success: false, errorCodes: [-99010], errorMessages: ['Unknown command: session.infos'] },
          },
        },
        'the packet is refused': {
          value: {
            success: false,
            errorCodes: [-99003],
            errorMessages: ['Authentication session is invalid: Error: Session 7d0f was not found.'],
          },
        },
      },
    },
    413: { type: 'object', description: 'The packet is larger than 1 MiB.', additionalProperties: true },
  },
};

function row({ name, summary }: { readonly name: string; readonly summary: string }): string {
  return `| \`${name}\` | ${summary} |`;
}

function loginRequest(): object {
  const params = { username: 'ada@north.example', password: 'correct-horse' };
  return { value: { auth: { command: 'api.authenticate', params } } };
}

function examples(side: 'request' | 'reply'): Readonly<Record<string, object>> {
  return Object.fromEntries(
    [...commands.values()].map(({ name, summary, example: { params, reply } }) => {
      const request = { command: name, ...(params === undefined ? {} : { params }) };
      const answer = { success: true, ...(reply === undefined ? {} : { params: reply }) };
      const value =
        side === 'request'
          ? { auth: { sessionId: '3f1c0a77d2b94e58a0c13f1c0a77d2b9' }, get: request }
          : { get: answer };
      return [name, { summary, value }];
    }),
  );
}
