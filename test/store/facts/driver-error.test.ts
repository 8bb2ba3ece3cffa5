import { expect, test } from 'vitest';
import { factsError } from '../../../src/store/facts/driver-error.ts';
import { FactsError } from '../../../src/store/facts/facts-error.ts';

/** As the client of ClickHouse throws it. */
function thrown(code: string | undefined, message: string): Error {
  return Object.assign(new Error(message), code === undefined ? {} : { code });
}

test.each([
  ['241', 'memory'],
  ['159', 'timeout'],
  ['160', 'timeout'],
  ['158', 'too_many_rows'],
  ['396', 'too_many_rows'],
  ['202', 'overloaded'],
  ['252', 'overloaded'],
  ['243', 'disk_full'],
  ['394', 'aborted'],
  ['210', 'unavailable'],
  ['60', 'unavailable'],
  ['117', 'rejected'],
  ['27', 'rejected'],
])('code %s is %s', (code, kind) => {
  expect(factsError(thrown(code, 'x'), 'insert')).toMatchObject({ kind, code: Number(code) });
  expect(factsError(new Error(`Code: ${code}. DB::Exception: x (X)`), 'insert')).toMatchObject({
    kind,
    code: Number(code),
  });
});

test.each([
  ['ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:8123', 'unavailable'],
  ['ECONNRESET', 'socket hang up', 'unavailable'],
  ['ENOTFOUND', 'getaddrinfo ENOTFOUND ch.example', 'unavailable'],
  [undefined, '<html>Bad Gateway</html>', 'unavailable'],
  [undefined, '', 'unavailable'],
  [undefined, 'Timeout error.', 'timeout'],
  ['ENOSPC', 'ENOSPC: no space left on device, write', 'disk_full'],
  ['74', 'Cannot write to file, errno: 28, strerror: No space left on device', 'disk_full'],
])('%s (%s) is %s', (code, message, kind) => {
  expect(factsError(thrown(code, message), 'read')).toMatchObject({ kind });
});

test('an unknown code keeps rows waiting, and refuses a query', () => {
  expect(factsError(thrown('49', 'logical'), 'insert').kind).toBe('unavailable');
  expect(factsError(thrown('49', 'logical'), 'read').kind).toBe('rejected');
});

test('an error of ours stays as it is, and another keeps its cause', () => {
  const ours = new FactsError('memory', 'x', { code: 241 });
  expect(factsError(ours, 'insert')).toBe(ours);
  const cause = new Error('why');
  expect(factsError(cause, 'read').cause).toBe(cause);
});
