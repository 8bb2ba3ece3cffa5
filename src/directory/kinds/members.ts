import { choice, flag, REQUIRED, userReference } from './field.ts';
import { identity, kind } from './kind.ts';

/** What a person may do in an organization. The first one of a user is where a login starts (tr50.md, appendix 2). */
export const member = kind({
  name: 'member',
  list: 'members',
  table: 'memberships',
  key: 'user_id',
  primaryKey: ['user_id', 'organization_id'],
  fields: {
    user: userReference('user_id'),
    role: choice('role', ['owner', 'admin', 'member', 'viewer'], REQUIRED),
    allowed_without_sso: flag('allowed_without_sso', false),
  },
  unique: [identity('user', ['organization_id', 'user_id'])],
  title: (column) => column('user_id'),
  timestamps: 'none',
  position: { column: 'position', per: ['user_id'] },
});
