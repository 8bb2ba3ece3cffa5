import type { RecordsSchema } from './schema/index.ts';

type TableName = keyof RecordsSchema;

/** What code that treats all tables alike (backup, restore) has to know of one. */
export interface RecordsTable {
  /** The columns of the primary key, in its order. */
  readonly key: readonly string[];
  /** A column whose numbers the engine gives, and never gives twice. */
  readonly numbered?: string;
  /** A column that refers to rows of the same table. */
  readonly parent?: string;
}

/** Every table of the store; those that others refer to come before them. */
export const recordsTables = {
  settings: { key: ['key'] },
  organizations: { key: ['id'], numbered: 'id', parent: 'parent_id' },
  users: { key: ['id'], numbered: 'id' },
  memberships: { key: ['user_id', 'organization_id'] },
  native_keys: { key: ['id'], numbered: 'id' },
  app_tokens: { key: ['id'], numbered: 'id' },
  thing_bindings: { key: ['organization_id', 'thing_key'] },
  sessions: { key: ['id_hash'] },
  login_failures: { key: ['subject'] },
  oauth_clients: { key: ['client_id'] },
  oauth_tokens: { key: ['access_hash'] },
  providers: { key: ['organization_id'] },
  access_tokens: { key: ['id'], numbered: 'id' },
  products: { key: ['organization_id', 'id'] },
  service_tokens: { key: ['token_hash'] },
  metrics: { key: ['organization_id', 'id'], parent: 'parent_id' },
  plans: { key: ['organization_id', 'id'] },
  plan_limits: { key: ['organization_id', 'id'] },
  accounts: { key: ['organization_id', 'id'] },
  account_users: { key: ['organization_id', 'id'] },
  applications: { key: ['organization_id', 'id'] },
  app_keys: { key: ['organization_id', 'application_id', 'key_hash'] },
  referrer_filters: { key: ['organization_id', 'application_id', 'value'] },
  integration_errors: { key: ['id'], numbered: 'id' },
  stacks: { key: ['organization_id', 'api_key'] },
  apps: { key: ['id'] },
  app_members: { key: ['app_id', 'user_id'] },
  app_peaks: { key: ['app_id'] },
  deployments: { key: ['organization_id', 'key'] },
  deployment_permissions: { key: ['organization_id', 'deployment_key', 'user_id'] },
  arrays: { key: ['organization_id', 'key'] },
  devices: { key: ['organization_id', 'key'] },
  claims: { key: ['key'] },
  states: { key: ['kind', 'key'] },
  ledger: { key: ['minute', 'organization', 'source', 'stream', 'outcome'] },
  outbox: { key: ['seq'], numbered: 'seq' },
  outbox_batches: { key: ['token'] },
  audit: { key: ['id'], numbered: 'id' },
  jobs: { key: ['id'] },
  job_rows: { key: ['job_id', 'attempt', 'first_row'] },
  job_budgets: { key: ['organization_id'] },
} as const satisfies Record<TableName, RecordsTable>;

/** Tables whose rows get their numbers from the store. */
export type NumberedTable = {
  [Name in TableName]: (typeof recordsTables)[Name] extends { readonly numbered: string } ? Name : never;
}[TableName];

/** In the order in which they can be filled. */
export const tableNames = Object.keys(recordsTables) as readonly TableName[];
