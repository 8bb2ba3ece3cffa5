import { sql } from '../sql.ts';
import type { Migration } from './migration.ts';
import { addColumn } from './topology.ts';

/** Marks the rows that a method's usage added to its parent. */
export const inheritedUsage: Migration = {
  number: 3,
  name: 'inherited-usage',
  statements: (topology) => addColumn('usage', sql`inherited UInt16 CODEC(ZSTD(1))`, topology),
};
