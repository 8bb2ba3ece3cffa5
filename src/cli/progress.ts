import { SingleBar } from 'cli-progress';
import type { Terminal } from './command.ts';

/** How far a long command is; shown on stderr when that is a terminal, and nothing otherwise. */
export interface Progress {
  /** @param note a few words behind the bar, e.g. counts */
  readonly at: (value: number, note: string) => void;
  /** Takes the bar away, so that what is printed next stands on a line of its own. */
  readonly end: () => void;
  /** Prints a line above the bar. */
  readonly say: (line: string) => void;
}

/** @param total what the value runs up to; null when nobody knows, then only the note is shown */
export function startProgress({ stderr, env }: Terminal, total: number | null): Progress {
  const say = (line: string): void => void stderr.write(`${line}\n`);
  if (stderr.isTTY !== true || env['TERM'] === 'dumb') return { at: () => undefined, end: () => undefined, say };
  const bar = new SingleBar({
    stream: stderr,
    format: total === null ? '{note}' : '{bar} {percentage}%  {note}',
    barCompleteChar: '#',
    barIncompleteChar: '.',
    barsize: 30,
    hideCursor: true,
    clearOnComplete: true,
    etaBuffer: 50,
    gracefulExit: false,
    forceRedraw: true,
  });
  let started = false;
  let value = 0;
  let note = '';
  const draw = (): void => {
    const shown = total === null ? 0 : Math.min(value, total);
    if (started) bar.update(shown, { note });
    else bar.start(total ?? 1, shown, { note });
    started = true;
  };
  const end = (): void => {
    if (started) bar.stop();
    started = false;
  };
  return {
    at(next, words) {
      value = next;
      note = words;
      draw();
    },
    end,
    say(line) {
      const shown = started;
      end();
      say(line);
      if (shown) draw();
    },
  };
}
