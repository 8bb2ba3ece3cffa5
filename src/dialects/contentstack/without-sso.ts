import type { Organization } from '../../directory/organizations.ts';
import type { Membership } from '../../directory/users.ts';

/**
 * Whether a member gets through with an authtoken (contract 2): where single sign-on is on, only the owner and those
 * who are allowed without it.
 */
export function getsThrough({ sso }: Organization, { role, allowedWithoutSso }: Membership): boolean {
  return !sso || role === 'owner' || allowedWithoutSso;
}
