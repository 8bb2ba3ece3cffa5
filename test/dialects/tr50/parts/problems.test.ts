import { expect, test } from 'vitest';
import { CODES, errorOf, sessionError } from '../../../../src/dialects/tr50/problems.ts';

test('7: the codes and their levels are those of the contract', () => {
  const table = Object.values(CODES).map(({ code, level }) => `${code} ${level}`);
  expect(table).toEqual([
    '-90041 packet',
    '-90008 command',
    '-99001 packet',
    '-99002 packet',
    '-99003 packet',
    '-99004 packet',
    '-99005 packet',
    '-99010 command',
    '-99011 command',
    '-99012 command',
    '-99013 command',
    '-99014 packet',
  ]);
});

test.each(['invalid', 'expired'] as const)(
  '3.2: an %s session is told with the text that clients look for',
  (reason) => {
    const { code, message } = errorOf({ kind: 'not_authenticated', reason });
    expect(code).toBe(-99003);
    expect(message.startsWith('Authentication session is invalid: Error: Session ')).toBe(true);
  },
);

test('3.2: the message names the session', () => {
  expect(sessionError('7d0f')).toEqual({
    code: -99003,
    message: 'Authentication session is invalid: Error: Session 7d0f was not found.',
  });
});

test('a text of the caller is cut before it fills the reply, and not through a character', () => {
  const { message } = errorOf({
    kind: 'not_found',
    what: 'command',
    key: `${'x'.repeat(99)}😀${'y'.repeat(1_000_000)}`,
  });
  expect(message).toBe(`Unknown command: ${'x'.repeat(99)}…`);
});
