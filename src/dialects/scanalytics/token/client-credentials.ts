import type { OauthClient, OauthClients } from '../../../access/oauth/clients.ts';
import { fail, ok, type Result } from '../../../domain/result.ts';
import type { Form } from '../form.ts';
import { oauthError, type OauthError } from './oauth-error.ts';

interface Presented {
  readonly id: string;
  readonly secret: string | null;
}

const INVALID_CLIENT = oauthError('invalid_client', 'The client is unknown, or its secret is wrong or missing.');

/** Who asks for a token (contract 3.1): `client_id` and perhaps `client_secret` in the form, or HTTP Basic. */
export async function identifyClient(
  clients: OauthClients,
  form: Form,
  authorization: string | undefined,
): Promise<Result<OauthClient, OauthError>> {
  const presented = presentedBy(form, authorization);
  if (!presented.ok) return presented;
  const client = await clients.authenticate(presented.value.id, presented.value.secret);
  return client === null ? fail(INVALID_CLIENT) : ok(client);
}

function presentedBy(form: Form, authorization: string | undefined): Result<Presented, OauthError> {
  const id = form.get('client_id');
  const secret = form.get('client_secret');
  if (!/^basic(\s|$)/i.test(authorization ?? '')) {
    return id === null ? fail(INVALID_CLIENT) : ok({ id, secret });
  }
  const basic = parseBasic(authorization ?? '');
  if (basic === null) return fail(INVALID_CLIENT);
  // RFC 6749 2.3: one method a request. The bare client_id is no method, but has to name the same client.
  if (secret !== null || (id !== null && id !== basic.id)) {
    return fail(oauthError('invalid_request', 'Send the credentials of the client in one way only.'));
  }
  return ok(basic);
}

/** Both parts are form-encoded inside (RFC 6749 2.3.1). Null when it is not of that form. */
function parseBasic(header: string): Presented | null {
  const encoded = /^basic +([A-Za-z0-9+/_-]+=*) *$/i.exec(header)?.[1];
  if (encoded === undefined) return null;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 1) return null;
  try {
    const [id, secret] = [text.slice(0, colon), text.slice(colon + 1)].map((part) =>
      decodeURIComponent(part.replaceAll('+', ' ')),
    );
    return { id: id ?? '', secret: secret === undefined || secret === '' ? null : secret };
  } catch {
    return null;
  }
}
