import { setTimeout as sleep } from 'node:timers/promises';
import { recordsErrorKind } from '../records-error.ts';

const FIRST_PAUSE_MS = 1;
const LAST_PAUSE_MS = 25;

/**
 * Repeats `attempt` while another process holds the lock, for `limitMs` at most. SQLite could wait by itself, but its
 * wait would stop this whole process.
 */
export async function whileBusy<T>(limitMs: number, attempt: () => T): Promise<T> {
  const deadline = performance.now() + limitMs;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LAST_PAUSE_MS)) {
    try {
      return attempt();
    } catch (error) {
      if (recordsErrorKind(error) !== 'busy' || performance.now() >= deadline) throw error;
    }
    await sleep(pauseMs);
  }
}
