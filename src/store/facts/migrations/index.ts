import type { Migration } from './migration.ts';
import { streamTables } from './0001-stream-tables.ts';
import { rollupTables } from './0002-rollup-tables.ts';
import { inheritedUsage } from './0003-inherited-usage.ts';
import { usageTraffic } from './0004-usage-traffic.ts';
import { appUsers } from './0005-app-users.ts';

export type { Migration } from './migration.ts';
export type { Topology } from './topology.ts';

/** Append only. */
export const migrations: readonly Migration[] = [streamTables, rollupTables, inheritedUsage, usageTraffic, appUsers];
