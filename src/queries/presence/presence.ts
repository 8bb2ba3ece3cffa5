import { MINUTE_MS, SECOND_MS } from '../../domain/time/durations.ts';
import { organizationId } from '../../domain/scope.ts';
import type { Clock } from '../../domain/time/clock.ts';
import { epochMs, type EpochMs } from '../../domain/time/instant.ts';
import { UTC } from '../../domain/time/zones.ts';
import type { FactsStore, ReadLimits } from '../../store/facts/facts-store.ts';
import { column, tupleOf } from '../../store/facts/rows.ts';
import type { Records } from '../../store/records/records.ts';
import type { AudienceApp } from '../audience/audience-app.ts';
import { readUserLinks } from '../audience/user-links.ts';
import { createPeaks, type Peak } from './peaks.ts';
import { minutesSql, onlineByAppSql, onlineSql } from './presence.sql.ts';

/** One minute of `minutes`, by its beginning. */
export interface PresentMinute extends Peak {
  readonly at: EpochMs;
}

/**
 * Who is online: a user whose last request arrived within the last 180 seconds and left a session open. By the time of
 * arrival, whatever time the request reports. All of it is read from the facts, so a write does nothing for it.
 * Failures of a store are thrown; `storeProblem` understands them.
 */
export interface Presence {
  /** Online now, and the highest values ever. */
  now(app: AudienceApp): Promise<{ readonly now: Peak; readonly highest: Peak }>;
  /** The last `count` full minutes, oldest first, all of them: users online at some moment of each. */
  minutes(app: AudienceApp, count: number): Promise<readonly PresentMinute[]>;
  /** Looks at all apps now and keeps what is higher than ever. */
  sample(): Promise<void>;
  /** Samples twice a minute until it is told to stop: a value that lasted for a minute is seen. */
  watch(onError: (error: unknown) => void): () => Promise<void>;
}

export interface PresenceParts {
  readonly facts: FactsStore;
  readonly records: Records;
  readonly clock: Clock;
  /** Waits for the rows acknowledged so far. */
  readonly barrier: () => Promise<EpochMs>;
  readonly limits?: Pick<ReadLimits, 'timeoutMs' | 'maxMemoryBytes'>;
}

const SAMPLE_MS = 30 * SECOND_MS;
const COUNTS = [column.integer, column.integer] as const;

export function createPresence({ facts, records, clock, barrier, limits = {} }: PresenceParts): Presence {
  const peaks = createPeaks(records);
  const read = (question: string): ReadLimits => ({ ...limits, tag: `presence:${question}` });

  const online = async (app: AudienceApp, at: EpochMs): Promise<Peak> => {
    const links = await readUserLinks(facts, app, read('links'));
    const [row] = await facts.query(onlineSql(app, links, at), { ...read('online'), rows: tupleOf(...COUNTS) });
    return { online: row?.[0] ?? 0, newOnline: row?.[1] ?? 0 };
  };

  const highest = async (app: AudienceApp, seen: Peak, at: EpochMs): Promise<Peak> => {
    const before = await peaks.read(app.id, app.era);
    if (isBelow(before, seen)) await peaks.raise(app.id, app.era, seen, at);
    return {
      online: Math.max(before.online, seen.online),
      newOnline: Math.max(before.newOnline, seen.newOnline),
    };
  };

  const sample = async (): Promise<void> => {
    const at = clock.now();
    const rows = await facts.query(onlineByAppSql(at), {
      ...read('sample'),
      rows: tupleOf(column.integer, column.text, column.integer, ...COUNTS),
    });
    for (const [organization, id, era, most, mostNew] of rows) {
      const app = { organization: organizationId(organization), id, era: epochMs(era), zone: UTC };
      const before = await peaks.read(id, app.era);
      // Rarely: then it is worth while to find out which ids are one user.
      if (isBelow(before, { online: most, newOnline: mostNew })) await highest(app, await online(app, at), at);
    }
  };

  return {
    async now(app) {
      await barrier();
      const at = clock.now();
      const seen = await online(app, at);
      return { now: seen, highest: await highest(app, seen, at) };
    },

    async minutes(app, count) {
      await barrier();
      const to = epochMs(Math.floor(clock.now() / MINUTE_MS) * MINUTE_MS);
      const range = { from: epochMs(to - count * MINUTE_MS), to };
      const links = await readUserLinks(facts, app, read('links'));
      const rows = await facts.query(minutesSql(app, links, range), {
        ...read('minutes'),
        rows: tupleOf(column.integer, ...COUNTS),
      });
      const found = new Map(rows.map(([minute, users, newUsers]) => [minute * MINUTE_MS, [users, newUsers] as const]));
      return Array.from({ length: count }, (_, index) => {
        const at = epochMs(range.from + index * MINUTE_MS);
        const [users, newUsers] = found.get(at) ?? [0, 0];
        return { at, online: users, newOnline: newUsers };
      });
    },

    sample,

    watch(onError) {
      let running: Promise<void> = Promise.resolve();
      let failing = false;
      const timer = setInterval(() => {
        running = running.then(sample).then(
          () => {
            failing = false;
          },
          (error: unknown) => {
            // Once for each outage.
            if (!failing) onError(error);
            failing = true;
          },
        );
      }, SAMPLE_MS);
      timer.unref();
      return async () => {
        clearInterval(timer);
        await running;
      };
    },
  };
}

function isBelow(before: Peak, seen: Peak): boolean {
  return before.online < seen.online || before.newOnline < seen.newOnline;
}
