import { joined, type UserLinks } from './joined-users.ts';
import type { FactsStore, ReadLimits } from '../../store/facts/facts-store.ts';
import { column, tupleOf } from '../../store/facts/rows.ts';
import { sql } from '../../store/facts/sql.ts';
import type { AudienceApp } from './audience-app.ts';
import { ofApp } from './app-facts.sql.ts';

/** Users of an app that turned out to be one. Only merges of two users that both had a history make a link. */
export async function readUserLinks(facts: FactsStore, app: AudienceApp, read: ReadLimits): Promise<UserLinks> {
  const pairs = await facts.query(sql`SELECT user_id, linked_id FROM user_links WHERE ${ofApp(app)}`, {
    ...read,
    rows: tupleOf(column.count, column.count),
  });
  return joined(pairs);
}
