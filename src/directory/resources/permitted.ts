import type { Problem } from '../../domain/problem.ts';
import { selectRows } from '../../store/records/declared-rows.ts';
import type { RecordsDatabase } from '../../store/records/records.ts';
import { emailKey } from '../../store/records/schema/users.ts';
import { quoted } from '../file/formats.ts';
import type { Mistake } from '../file/mistake.ts';
import type { Kind, Row } from '../kinds/kind.ts';
import { kindNamed } from '../kinds/registry.ts';
import type { GivenFields } from './entry-file.ts';
import { managesUser, ownsUser, reaches, seesUser, tiesOf, type Reach } from './reach.ts';

/**
 * What an organization's administrator may not write although the form is right: rights over the instance, people who
 * have to do with others, organizations outside of its own. Null when nothing is in the way.
 */
export async function refuseWriting(
  db: RecordsDatabase,
  reach: Reach,
  kind: Kind,
  row: Row | null,
  given: GivenFields,
): Promise<Problem | readonly Mistake[] | null> {
  if (reach.organizations === 'all') return null;
  if (kind.name === 'user') return refuseUser(db, reach, row, given);
  if (kind.name === 'organization') return refuseOrganization(db, reach, row, given);
  const mistakes = await refuseStrangers(db, reach, kind, given);
  return mistakes.length === 0 ? null : mistakes;
}

async function refuseUser(
  db: RecordsDatabase,
  reach: Reach,
  row: Row | null,
  given: GivenFields,
): Promise<Problem | null> {
  if (given.get('super_ops') === true) return { kind: 'not_permitted', needs: 'an administrator of the instance' };
  if (row === null || managesUser(reach, row, await tiesOfUser(db, row))) return null;
  return { kind: 'not_permitted', needs: 'the administrator who made the user' };
}

async function refuseOrganization(
  db: RecordsDatabase,
  reach: Reach,
  row: Row | null,
  given: GivenFields,
): Promise<Problem | readonly Mistake[] | null> {
  const parent = given.get('parent');
  if (parent === undefined) return null;
  if (row !== null && row['id'] === reach.home) {
    return { kind: 'not_permitted', needs: 'an administrator of the organization above' };
  }
  if (typeof parent !== 'string') return [mistake('parent', 'must stay below your organization')];
  const named = await organizationNamed(db, parent);
  if (named !== undefined && reaches(reach, named['id'])) return null;
  return [mistake('parent', `unknown organization ${quoted(parent)}`)];
}

async function organizationNamed(db: RecordsDatabase, name: string): Promise<Row | undefined> {
  for (const column of ['uid', 'key']) {
    const [row] = await selectRows(db, { table: 'organizations', where: [{ column, is: name }] });
    if (row !== undefined) return row;
  }
  return undefined;
}

/** People who have nothing to do with the reach are unknown to it; for a client to act as somebody, it has to own them. */
async function refuseStrangers(db: RecordsDatabase, reach: Reach, kind: Kind, given: GivenFields): Promise<Mistake[]> {
  const mistakes: Mistake[] = [];
  for (const [name, field] of Object.entries(kind.fields)) {
    const email = given.get(name);
    if (field.is !== 'reference' || !field.to.includes('user') || typeof email !== 'string') continue;
    const where = [{ column: 'email_key', is: emailKey(email) }];
    const [user] = await selectRows(db, { table: kindNamed('user').table, where });
    const ties = user === undefined ? new Set<number>() : await tiesOfUser(db, user);
    if (user === undefined || !seesUser(reach, user, ties)) {
      mistakes.push(mistake(name, `unknown user ${quoted(email)}`));
    } else if (kind.name === 'OAuth client' && !ownsUser(reach, user, ties)) {
      mistakes.push(mistake(name, 'has rights outside of your organization, which the client would have too'));
    }
  }
  return mistakes;
}

/** Why an entry cannot be removed, or null. */
export async function refuseRemoval(db: RecordsDatabase, reach: Reach, kind: Kind, row: Row): Promise<Problem | null> {
  if (kind.keeps(row)) return { kind: 'conflict', what: kind.name, reason: 'every product has it' };
  if (reach.organizations === 'all') return null;
  if (kind.name === 'organization' && row['id'] === reach.home) {
    return { kind: 'not_permitted', needs: 'an administrator of the organization above' };
  }
  if (kind.name === 'user' && !managesUser(reach, row, await tiesOfUser(db, row))) {
    return { kind: 'not_permitted', needs: 'the administrator who made the user' };
  }
  return null;
}

async function tiesOfUser(db: RecordsDatabase, user: Row): Promise<ReadonlySet<number>> {
  const id = Number(user['id']);
  return (await tiesOf(db, [id])).get(id) ?? new Set();
}

function mistake(field: string, reason: string): Mistake {
  return { kind: 'invalid', at: [field], reason, line: null };
}
