import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import type { Terminal } from '../../src/cli/command.ts';
import { askHidden } from '../../src/cli/hidden-input.ts';
import { run } from '../../src/cli/program.ts';
import { startProgress } from '../../src/cli/progress.ts';

function fakeTerminal(isTTY: boolean, env: NodeJS.ProcessEnv = {}) {
  const [stdin, stdout, stderr] = [0, 1, 2].map(() => Object.assign(new PassThrough(), { isTTY, columns: 80 }));
  if (stdin === undefined || stdout === undefined || stderr === undefined) throw new Error('three streams were made');
  const written = (): string => String(stderr.read() ?? '');
  return {
    terminal: { env, stdin, stdout, stderr } satisfies Terminal,
    stdin,
    written,
    out: () => String(stdout.read() ?? ''),
  };
}

describe('progress', () => {
  test('is a bar on a terminal, gone when it ends, with lines above it', () => {
    const { terminal, written } = fakeTerminal(true);
    const progress = startProgress(terminal, 200);
    progress.at(50, '7 accepted');
    expect(written()).toContain('########...................... 25%  7 accepted');
    progress.say('line 3: is not JSON');
    progress.at(300, '9 accepted');
    progress.end();
    const text = written();
    expect(text).toContain('line 3: is not JSON\n');
    expect(text).toContain('100%  9 accepted');
    // The cursor is shown again and the line cleared.
    expect(text.slice(text.lastIndexOf('9 accepted'))).toContain('\u001b[?25h');
    expect(text.endsWith('\u001b[2K')).toBe(true);
  });

  test('of unknown length is only the note', () => {
    const { terminal, written } = fakeTerminal(true);
    const progress = startProgress(terminal, null);
    progress.at(50, '1.5 MB');
    expect(written()).toContain('1.5 MB');
    progress.end();
  });

  test.each([
    ['no terminal', false, {}],
    ['a dumb terminal', true, { TERM: 'dumb' }],
  ])('on %s is nothing but the lines', (_what, isTTY, env) => {
    const { terminal, written } = fakeTerminal(isTTY, env);
    const progress = startProgress(terminal, 200);
    progress.at(50, '7 accepted');
    progress.say('line 3: is not JSON');
    progress.end();
    expect(written()).toBe('line 3: is not JSON\n');
  });
});

test('a password that is asked for is not shown', async () => {
  const { terminal, stdin, written } = fakeTerminal(true);
  const asked = askHidden('Password: ', terminal);
  stdin.write('correct horse\r');
  expect(await asked).toBe('correct horse');
  expect(written()).toBe('Password: \n');
});

describe('the program', () => {
  const ran = async (...args: readonly string[]): Promise<unknown> => {
    const { terminal, written, out } = fakeTerminal(false);
    return [await run(args, terminal), out(), written()];
  };

  test('tells its version and its commands', async () => {
    expect(await ran('--version')).toEqual([0, expect.stringMatching(/^\d+\.\d+\.\d+\n$/), '']);
    expect(await ran('--help')).toEqual([0, expect.stringContaining('import [options] <stream> <file...>'), '']);
    expect(await ran('import', '--help')).toEqual([0, expect.stringContaining('--format <format>'), '']);
  });

  test('ends with 2 on wrong usage, in one line', async () => {
    const hint = '(--help behind a command tells what it takes)';
    expect(await ran('nonsense')).toEqual([2, '', `tallyhouse: unknown command 'nonsense' ${hint}\n`]);
    expect(await ran('serve', '--nonsense')).toEqual([2, '', `tallyhouse: unknown option '--nonsense' ${hint}\n`]);
    expect(await ran('apply')).toEqual([2, '', `tallyhouse: missing required argument 'file' ${hint}\n`]);
    expect(await ran('serve', 'too', 'much')).toEqual([2, '', expect.stringContaining('too many arguments')]);
    expect(await ran()).toEqual([2, '', expect.stringContaining('Usage: tallyhouse')]);
  });
});
