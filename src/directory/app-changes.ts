import type { Clock } from '../domain/time/clock.ts';
import { epochMs } from '../domain/time/instant.ts';
import { bumpDirectoryVersion } from '../store/records/directory-version.ts';
import type { Records, RecordsTransaction } from '../store/records/records.ts';
import type { AppRole } from './apps.ts';

/** Which apps a user has a role in; a list that is absent leaves the roles of its kind alone. */
export interface AppRoles {
  readonly user: number;
  /** Ids of apps. An app in both lists is administered. Ids that no app has are passed over. */
  readonly admin?: readonly string[] | undefined;
  readonly member?: readonly string[] | undefined;
}

/** Everything the app received so far is none of its any more; false when there is no such app. */
export async function resetApp(
  { records, clock }: { readonly records: Records; readonly clock: Clock },
  id: string,
): Promise<boolean> {
  return records.transaction(async (tx) => {
    await bumpDirectoryVersion(tx);
    const app = await tx.selectFrom('apps').select(['created_at', 'reset_at']).where('id', '=', id).executeTakeFirst();
    if (app === undefined) return false;
    const now = clock.now();
    // Later than every reset before, also where the clock was set back since: what came before carries another instant.
    const at = epochMs(Math.max(now, app.created_at + 1, (app.reset_at ?? 0) + 1));
    await tx.updateTable('apps').set({ reset_at: at, updated_at: now }).where('id', '=', id).execute();
    return true;
  });
}

/** Gives and takes roles in apps so that the user has those of the lists. */
export async function changeAppRoles(records: Records, { user, admin, member }: AppRoles): Promise<void> {
  await records.transaction(async (tx) => {
    // First, because it holds a row that every change of the directory takes: roles read below stay as they are.
    await bumpDirectoryVersion(tx);
    const held = await tx.selectFrom('app_members').select(['app_id', 'role']).where('user_id', '=', user).execute();
    const keep = (role: AppRole): string[] => held.filter((one) => one.role === role).map((one) => one.app_id);
    const administered = new Set(admin ?? keep('admin'));
    const used = new Set(member ?? keep('user'));
    const roles = new Map<string, AppRole>();
    for (const id of used) roles.set(id, 'user');
    for (const id of administered) roles.set(id, 'admin');
    const known = new Set(await knownApps(tx, [...roles.keys()]));
    await tx.deleteFrom('app_members').where('user_id', '=', user).execute();
    const rows = [...roles].filter(([id]) => known.has(id)).map(([app_id, role]) => ({ app_id, user_id: user, role }));
    if (rows.length > 0) await tx.insertInto('app_members').values(rows).execute();
  });
}

async function knownApps(tx: RecordsTransaction, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  const rows = await tx.selectFrom('apps').select('id').where('id', 'in', ids).execute();
  return rows.map((row) => row.id);
}
