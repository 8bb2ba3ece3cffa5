import type { OauthClient } from '../../../access/oauth/clients.ts';
import { fail, ok, type Result } from '../../../domain/result.ts';
import type { Registration } from './pages.ts';

/** What was typed into the form, or a sentence that says what is wrong with it. */
export function parseRegistration({
  name,
  type,
  grant,
}: Registration): Result<Pick<OauthClient, 'type' | 'grant'> & { name: string }, string> {
  if (name.trim() === '' || !/^[^\p{Cc}\p{Cs}]{1,255}$/u.test(name)) {
    return fail('The name has to have 1 to 255 characters.');
  }
  if (type !== 'public' && type !== 'confidential') return fail('Choose a client type.');
  if (grant !== 'password' && grant !== 'client-credentials') return fail('Choose a grant type.');
  if (grant === 'client-credentials' && type === 'public') {
    return fail('Client credentials need a confidential client: a public one has nothing to show.');
  }
  return ok({ name: name.trim(), type, grant });
}
