import { hexId, NAME, uid } from './ids.ts';
import { flag, reference, REQUIRED, text, zone } from './field.ts';
import { identity, kind } from './kind.ts';

/** Tenants. */
export const organization = kind({
  name: 'organization',
  list: 'organizations',
  under: null,
  table: 'organizations',
  primaryKey: ['id'],
  ancestors: {},
  fields: {
    name: text('name', { initial: REQUIRED }),
    uid: uid('uid'),
    key: text('key', { ...NAME, initial: (entry) => entry.untaken('key', keyFromName(String(entry.column('name')))) }),
    public_id: hexId('public_id'),
    parent: reference(
      'parent_id',
      { to: ['organization'], by: ['uid', 'key'] },
      { initial: null, nullable: true, deferred: true },
    ),
    timezone: zone('timezone', { initial: null, nullable: true }),
    sso: flag('sso', false),
    analytics_enabled: flag('analytics_enabled', true),
    suspended: flag('suspended', false),
  },
  unique: [identity('uid', ['uid']), identity('key', ['key'])],
  alike: ['name'],
  title: (column) => column('key'),
});

/** `North & Sons` gives `NORTH_SONS`. */
function keyFromName(name: string): string {
  const key = name
    .normalize('NFKD')
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 32);
  return key === '' ? 'ORG' : key;
}
