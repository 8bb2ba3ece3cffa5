import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import { developersDirectory, developersUsage } from '../../src/cli/demo/demo-developers.ts';
import { readDirectoryFile } from '../../src/directory/file/read.ts';
import { organizationId } from '../../src/domain/scope.ts';
import { epochMs } from '../../src/domain/time/instant.ts';

interface Account {
  readonly applications: readonly { readonly id: number; readonly plan?: string; readonly created_at: string }[];
}

function accountsOf(now: number): Account[] {
  const file = JSON.parse(developersDirectory(epochMs(now))) as { organizations: { accounts: Account[] }[] };
  return file.organizations[0]?.accounts ?? [];
}

describe.each(['2026-11-21T10:15:00Z', '2026-11-22T00:00:01Z', '2026-03-31T23:59:59Z', '2026-10-25T01:30:00Z'])(
  'the demo as of %s',
  (text) => {
    const now = Date.parse(text);
    const developers = accountsOf(now).flatMap(({ applications }) => applications);

    test('400 applications on three plans, in a directory file that is one', () => {
      expect(developers).toHaveLength(400);
      expect(new Set(developers.flatMap(({ plan }) => plan ?? []))).toEqual(
        new Set(['evaluation', 'professional', 'enterprise']),
      );
      expect(readDirectoryFile(developersDirectory(epochMs(now)))).toMatchObject({ ok: true });
    });

    test.each(['America/New_York', 'UTC', 'Pacific/Auckland'])(
      'every group of the engagement report has its share, on the days of %s; nobody calls before signing up',
      (zone) => {
        const dayOf = (at: number) => Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate();
        const today = dayOf(now);
        const halves = new Map<number, { first: number; second: number }>();
        const created = new Map(developers.map(({ id, created_at }) => [id, Date.parse(created_at)]));
        for (const { line } of developersUsage(organizationId(1), epochMs(now))) {
          const {
            application,
            time,
            value = 1,
          } = JSON.parse(line) as { application: number; time: number; value?: number };
          expect(time).toBeGreaterThanOrEqual(created.get(application) ?? Infinity);
          expect(time).toBeLessThan(now);
          const age = today.since(dayOf(time)).days;
          const seen = halves.get(application) ?? { first: 0, second: 0 };
          halves.set(application, seen);
          if (age < 5) seen.second += value;
          else if (age < 10) seen.first += value;
        }
        const groups = { never_used: 0, stopped: 0, consistent: 0, late_start: 0, old: 0 };
        for (const [id, at] of created) {
          const { first, second } = halves.get(id) ?? { first: 0, second: 0 };
          if (today.since(dayOf(at)).days >= 10) groups.old += 1;
          else if (first + second === 0) groups.never_used += 1;
          else if (second === 0) groups.stopped += 1;
          else if (first === 0) groups.late_start += 1;
          else groups.consistent += 1;
        }
        for (const [group, applications] of Object.entries(groups)) {
          expect([group, applications >= 15]).toEqual([group, true]);
        }
      },
    );

    test('it is the same each time', () => {
      const lines = () => [...developersUsage(organizationId(1), epochMs(now))].map(({ line }) => line);
      expect(lines()).toEqual(lines());
    });
  },
);
