import type { FactsStore, ReadLimits } from '../../store/facts/facts-store.ts';
import { column, tupleOf } from '../../store/facts/rows.ts';
import { sql } from '../../store/facts/sql.ts';
import type { AudienceApp } from './audience-app.ts';
import { ofApp } from './app-facts.sql.ts';

/** Which ids stand for another: `from[i]` is counted as `to[i]`. Ids that stand for themselves are not listed. */
export interface UserLinks {
  readonly from: readonly bigint[];
  readonly to: readonly bigint[];
}

/** Users of an app that turned out to be one. Only merges of two users that both had a history make a link. */
export async function readUserLinks(facts: FactsStore, app: AudienceApp, read: ReadLimits): Promise<UserLinks> {
  const pairs = await facts.query(sql`SELECT user_id, linked_id FROM user_links WHERE ${ofApp(app)}`, {
    ...read,
    rows: tupleOf(column.count, column.count),
  });
  return joined(pairs);
}

/**
 * One id for everybody who is connected, however long the chain. Which one of them does not matter, but it is the same
 * for the same pairs: the smallest.
 */
export function joined(pairs: readonly (readonly [number | bigint, number | bigint])[]): UserLinks {
  const parents = new Map<bigint, bigint>();
  const root = (id: bigint): bigint => {
    let top = id;
    for (let next = parents.get(top); next !== undefined; next = parents.get(top)) top = next;
    // Whoever comes this way again goes straight up.
    let each = id;
    for (let next = parents.get(each); next !== undefined && next !== top; next = parents.get(each)) {
      parents.set(each, top);
      each = next;
    }
    return top;
  };
  for (const [first, second] of pairs) {
    const a = root(BigInt(first));
    const b = root(BigInt(second));
    if (a < b) parents.set(b, a);
    else if (b < a) parents.set(a, b);
  }
  const from = [...parents.keys()];
  return { from, to: from.map(root) };
}
