import type { TimeRange } from '../../domain/time/instant.ts';
import { ident, param, sql, type Sql } from '../../store/facts/sql.ts';
import type { AudienceApp } from './audience-app.ts';
import type { UserLinks } from './joined-users.ts';

/** The tenant boundary of every question about users: rows of the app, of its organization, in its present life. */
export function ofApp({ organization, id, era }: AudienceApp): Sql {
  return sql`organization = ${param.u32(organization)} AND app = ${param.string(id)} AND era = ${param.u64(era)}`;
}

/** The user of a row with a column `user_id`, where several ids have turned out to be one user. */
export function userIn(links: UserLinks): Sql {
  return resolved(sql`user_id`, links);
}

/** The user of a raw row of `sessions`. */
export function rawUserIn(links: UserLinks): Sql {
  return resolved(sql`sipHash64(if(user = '', device, user))`, links);
}

function resolved(user: Sql, { from, to }: UserLinks): Sql {
  return from.length === 0 ? user : sql`transform(${user}, ${param.u64s(from)}, ${param.u64s(to)}, ${user})`;
}

/** Rows whose instant lies in the half-open range; all when null. */
export function within(column: 'time' | 'slot', range: TimeRange | null): Sql {
  if (range === null) return sql`1`;
  return sql`${ident(column)} >= ${param.instant(range.from)} AND ${ident(column)} < ${param.instant(range.to)}`;
}

export function before(column: 'time' | 'slot', range: TimeRange | null): Sql {
  return range === null ? sql`1` : sql`${ident(column)} < ${param.instant(range.to)}`;
}
