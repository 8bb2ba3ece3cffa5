import { REQUIRED, text } from './field.ts';
import { uid } from './ids.ts';
import { identity, kind } from './kind.ts';

/** Contentstack's unit below an organization. Its API key names it and is no secret. */
export const stack = kind({
  name: 'stack',
  list: 'stacks',
  table: 'stacks',
  key: 'api_key',
  primaryKey: ['organization_id', 'api_key'],
  fields: { api_key: uid('api_key'), uid: uid('uid'), name: text('name', { initial: REQUIRED }) },
  unique: [identity('api_key', ['organization_id', 'api_key']), identity('uid', ['organization_id', 'uid'])],
  alike: ['name'],
  title: (column) => column('name'),
});
