import type { EpochMs } from '../../domain/time/instant.ts';
import type { Records } from '../../store/records/records.ts';

/** The most users of an app that were online at a time, and the most that were in their first session. */
export interface Peak {
  readonly online: number;
  readonly newOnline: number;
}

/** The highest values ever of an app in its present life, kept in the records store for all nodes. */
export interface Peaks {
  read(app: string, era: EpochMs): Promise<Peak>;
  /** Raises what is lower; values of another life of the app are replaced. Apps that are gone are passed over. */
  raise(app: string, era: EpochMs, seen: Peak, at: EpochMs): Promise<void>;
}

export function createPeaks(records: Records): Peaks {
  return {
    async read(app, era) {
      const row = await records.db.selectFrom('app_peaks').selectAll().where('app_id', '=', app).executeTakeFirst();
      if (row === undefined || row.era !== era) return { online: 0, newOnline: 0 };
      return { online: row.online, newOnline: row.new_online };
    },

    raise: (app, era, seen, at) =>
      records.transaction(async (tx) => {
        const exists = await tx.selectFrom('apps').select('id').where('id', '=', app).executeTakeFirst();
        if (exists === undefined) return;
        await tx
          .insertInto('app_peaks')
          .values({ app_id: app, era, online: 0, new_online: 0, updated_at: at })
          .onConflict((conflict) => conflict.column('app_id').doNothing())
          .execute();
        // The lives of an app come one after the other: a sample of an earlier one is late.
        await tx
          .updateTable('app_peaks')
          .set({ era, online: 0, new_online: 0 })
          .where('app_id', '=', app)
          .where('era', '<', era)
          .execute();
        const raised = [
          ['online', seen.online],
          ['new_online', seen.newOnline],
        ] as const;
        for (const [column, value] of raised) {
          await tx
            .updateTable('app_peaks')
            .set({ [column]: value, updated_at: at })
            .where('app_id', '=', app)
            .where('era', '=', era)
            .where(column, '<', value)
            .execute();
        }
      }),
  };
}
