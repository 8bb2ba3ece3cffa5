import { formatRfc3339Utc } from '../../domain/time/rfc3339.ts';
import type { Command } from './command.ts';
import { success } from './reply.ts';
import { SESSION_TTL_S, type Caller } from './session.ts';

export const sessionInfo: Command = {
  name: 'session.info',
  summary: 'Who is logged in, with which rights, in which organization.',
  example: {
    reply: {
      id: '3f1c0a77d2b94e58a0c13f1c0a77d2b9',
      orgId: '52fbed495d80f1091b00000f',
      orgKey: 'NORTH',
      userId: '52fbe4028a3a515d4aded7f6',
      userName: 'ada@north.example',
      whoAmI: 'ada@north.example',
      hasSuperAdmin: false,
      hasSuperOps: false,
      hasOrgAdmin: true,
      connInfo: { protocol: 'HTTP', remoteAddr: '192.0.2.7' },
      ttl: SESSION_TTL_S,
      locale: '',
      startTime: '2025-06-02T12:00:00.000Z',
      lastAccessed: '2025-06-02T12:30:00.000Z',
    },
  },
  run(_params, { session, connection, now }) {
    const { id, caller, current, startedAt } = session;
    return success({
      id,
      orgId: current.publicId,
      orgKey: current.key,
      ...names(caller),
      hasSuperAdmin: false, // no such level here: Super-Ops is the only right of the whole instance
      hasSuperOps: caller.kind === 'user' && caller.superOps,
      hasOrgAdmin: session.administers(current),
      connInfo: connection,
      ttl: SESSION_TTL_S,
      locale: '',
      startTime: formatRfc3339Utc(startedAt, 'always'),
      lastAccessed: formatRfc3339Utc(now, 'always'),
    });
  },
};

function names(caller: Caller): object {
  if (caller.kind === 'application') {
    return { appName: caller.appId, thingKey: caller.thingKey, whoAmI: caller.appId };
  }
  return { userId: caller.publicId, userName: caller.email, whoAmI: caller.email };
}
