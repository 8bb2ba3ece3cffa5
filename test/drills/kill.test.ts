import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import type { DrillFigures } from '../../src/cli/drill/drill.ts';
import { PROGRAM } from '../support/server.ts';

const KILLS = 30;

it(
  `loses no acknowledged row and counts none twice over ${KILLS} kills at random moments under mixed load`,
  async () => {
    const args = [PROGRAM, 'drill', '--kills', String(KILLS), '--longest', '1200', '--json'];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    const figures = JSON.parse(stdout) as DrillFigures;
    expect(figures).toMatchObject({ kills: KILLS, lost: 0, countedTwice: 0, unknown: 0 });
    // A drill that hit nothing would prove nothing.
    expect(figures.acknowledgedRows).toBeGreaterThan(1_000);
    expect(figures.repeatedRows).toBeGreaterThan(100);
    expect(figures.repeatsSent).toBeGreaterThan(100);
    expect(figures.repeatsReported).toBe(figures.repeatsSent);
    expect(figures.rollupCount).toBe(figures.storedRows);
  },
  10 * 60_000,
);
