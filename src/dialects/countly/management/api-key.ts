import type { Call, Endpoint } from '../transport/call.ts';
import { problemAnswer, type Answer } from '../transport/answer.ts';
import type { ManagementServices } from './management.ts';
import { schemas } from './schema.ts';

const REFUSED: Answer = {
  status: 401,
  body: '-1',
  plain: true,
  headers: { 'www-authenticate': 'Basic realm="api-key", charset="UTF-8"' },
};

/** `/api-key`: the key of whoever logs in by HTTP Basic, as bare text (contract 5). */
export function apiKeyEndpoint({ access, directory }: ManagementServices): Endpoint {
  return {
    path: '/api-key',
    schema: schemas.apiKey,
    run: async (call) => {
      const given = basicOf(call);
      if (given === null) return REFUSED;
      const login = await access.logins.login({ ...given, address: call.peer, source: 'countly' });
      if (!login.ok) {
        const { kind } = login.problem;
        const isOutage = kind === 'records_unavailable' || kind === 'overloaded';
        return isOutage ? problemAnswer(login.problem) : REFUSED;
      }
      const key = (await directory.people.byId(login.value.id))?.apiKey() ?? null;
      return key === null ? REFUSED : { body: key, plain: true };
    },
  };
}

function basicOf({ headers }: Call): { readonly username: string; readonly password: string } | null {
  const encoded = /^Basic +([A-Za-z0-9+/=_-]+)$/i.exec(headers.authorization ?? '')?.[1];
  if (encoded === undefined) return null;
  const decoded = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  return colon === -1 ? null : { username: decoded.slice(0, colon), password: decoded.slice(colon + 1) };
}
