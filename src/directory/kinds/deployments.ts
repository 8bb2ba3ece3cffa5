import { randomText } from '../secrets/tokens.ts';
import { choice, REQUIRED, text, userReference, zone, type ValueField } from './field.ts';
import { NAME } from './ids.ts';
import { identity, kind, type EntryView, type FieldMistake } from './kind.ts';

const WITHOUT_LOOKALIKES = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';

function key(length: number): ValueField {
  return text('key', { ...NAME, initial: () => randomText(length, WITHOUT_LOOKALIKES) });
}

/** `deployment/list` is a route, so `list` can name nothing (scanalytics.md, appendix 2). */
function notList(entry: EntryView): readonly FieldMistake[] {
  return entry.column('key') === 'list' ? [{ field: 'key', reason: 'cannot be "list", which is a route' }] : [];
}

/** A place that Scanalytics measures. */
export const deployment = kind({
  name: 'deployment',
  list: 'deployments',
  table: 'deployments',
  key: 'key',
  primaryKey: ['organization_id', 'key'],
  fields: {
    key: key(5),
    name: text('name', { initial: REQUIRED }),
    timezone: zone('timezone', { initial: (entry) => entry.ancestor('organization', 'timezone') ?? 'UTC' }),
  },
  unique: [identity('key', ['organization_id', 'key'])],
  alike: ['name'],
  title: (column) => column('key'),
  check: notList,
});

export const deploymentPermission = kind({
  name: 'permission',
  list: 'permissions',
  under: 'deployment',
  table: 'deployment_permissions',
  key: 'user_id',
  primaryKey: ['organization_id', 'deployment_key', 'user_id'],
  ancestors: { organization_id: 'organization', deployment_key: 'deployment' },
  fields: { user: userReference('user_id'), right: choice('permission', ['view', 'edit'], REQUIRED) },
  unique: [identity('user', ['organization_id', 'deployment_key', 'user_id'])],
  title: (column) => column('user_id'),
  timestamps: 'none',
});

/** Devices that count together. */
export const array = kind({
  name: 'array',
  list: 'arrays',
  under: 'deployment',
  table: 'arrays',
  key: 'key',
  primaryKey: ['organization_id', 'key'],
  ancestors: { organization_id: 'organization', deployment_key: 'deployment' },
  fields: { key: key(5), name: text('name', { initial: REQUIRED }) },
  unique: [identity('key', ['organization_id', 'key'])],
  alike: ['name'],
  title: (column) => column('key'),
  check: notList,
});

/** A sensor. Listed in another array than before, its later records count there. */
export const device = kind({
  name: 'device',
  list: 'devices',
  under: 'array',
  table: 'devices',
  key: 'key',
  primaryKey: ['organization_id', 'key'],
  ancestors: { organization_id: 'organization', array_key: 'array' },
  fields: { key: key(6), name: text('name', { initial: REQUIRED }) },
  unique: [identity('key', ['organization_id', 'key'])],
  alike: ['name'],
  title: (column) => column('key'),
  check: notList,
});
