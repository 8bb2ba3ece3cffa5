import { describe, expect, test } from 'vitest';
import { parseRow } from '../support/parse-row.ts';

/** Design 7: what holds for rows of every stream, shown on `requests`. */
describe('time', () => {
  const stored = (time: string): unknown => parseRow('requests', `{"time":${time},"service":"cdn"}`);
  const form = 'has to be an RFC 3339 time with offset, such as 2026-11-21T10:00:00Z';

  test('is an instant with an offset, kept to the millisecond', () => {
    expect(stored('"2026-11-21T10:00:00.123456+01:00"')).toEqual({
      organization: 7,
      id: '',
      time: '2026-11-21T09:00:00.123Z',
      service: 'cdn',
    });
  });

  test('may lie before 1970', () => {
    expect(stored('"1969-12-31T23:59:59.5Z"')).toMatchObject({ time: '1969-12-31T23:59:59.500Z' });
  });

  test.each(['"2026-11-21T10:00:00"', '"2026-11-21"', '"yesterday"', '""', '1795251600', 'true', '{}', '[]'])(
    '%s is refused',
    (time) => {
      expect(stored(time)).toEqual({ field: 'time', problem: form });
    },
  );

  test.each(['"1899-12-31T23:59:59.999Z"', '"2300-01-01T00:00:00Z"'])('%s lies outside of 1900 to 2299', (time) => {
    expect(stored(time)).toEqual({ field: 'time', problem: 'has to lie in the years 1900 to 2299 (UTC)' });
  });

  test.each(['"1900-01-01T00:00:00Z"', '"2299-12-31T23:59:59.999Z"'])('%s is the edge of what is kept', (time) => {
    expect(stored(time)).toHaveProperty('service', 'cdn');
  });

  test('is required, and null is as if it were not there', () => {
    expect(parseRow('requests', '{"service":"cdn"}')).toEqual({ field: 'time', problem: 'is required' });
    expect(stored('null')).toEqual({ field: 'time', problem: 'is required' });
  });
});

describe('id', () => {
  const claim = (id: string): unknown =>
    parseRow('requests', `{"time":"2026-11-21T10:00:00Z","service":"cdn","id":${id}}`);

  test('is stored once per organization and stream', () => {
    expect(claim('"a1"')).toMatchObject({ id: 'a1', claim: 'row 7 requests a1' });
  });

  test('41 and "41" are the same', () => {
    expect(claim('41')).toMatchObject({ id: '41', claim: 'row 7 requests 41' });
    expect(claim('"41"')).toMatchObject({ id: '41', claim: 'row 7 requests 41' });
  });

  test('null and an empty text stand for no id', () => {
    expect(claim('null')).toMatchObject({ id: '' });
    expect(claim('null')).not.toHaveProperty('claim');
    expect(claim('""')).not.toHaveProperty('claim');
  });

  test('a number that JSON cannot hold exactly is refused', () => {
    expect(claim('12345678901234567890')).toEqual({
      field: 'id',
      problem: 'is not an integer that JSON numbers hold exactly: send it as a text',
    });
    expect(claim('1.5')).toHaveProperty('field', 'id');
  });

  test('is a text or an integer of at most 256 characters', () => {
    expect(claim('true')).toEqual({ field: 'id', problem: 'has to be a text or an integer' });
    expect(claim(`"${'x'.repeat(257)}"`)).toEqual({ field: 'id', problem: 'is longer than 256 characters' });
    expect(claim(`"${'😀'.repeat(256)}"`)).toHaveProperty('claim');
  });
});

describe('organization', () => {
  const stored = (organization: string): unknown =>
    parseRow('requests', `{"time":"2026-11-21T10:00:00Z","service":"cdn","organization":${organization}}`);

  test('is given by uid or key', () => {
    expect(stored('"blt0000000000000007"')).toMatchObject({ organization: 7 });
    expect(stored('"NORTH_LAB"')).toMatchObject({ organization: 8 });
  });

  test('is the key’s own when the row has none', () => {
    expect(stored('null')).toMatchObject({ organization: 7 });
    expect(stored('""')).toMatchObject({ organization: 7 });
  });

  test('one that the key does not cover looks like one that does not exist', () => {
    const problem = { field: 'organization', problem: 'is none of the organizations that the key covers' };
    expect(stored('"SOUTH"')).toEqual(problem);
    expect(stored('"nowhere"')).toEqual(problem);
    expect(stored('"__proto__"')).toEqual(problem);
    expect(stored('7')).toEqual(problem);
  });

  test('is a text', () => {
    expect(stored('{}')).toEqual({ field: 'organization', problem: 'has to be the uid or key of an organization' });
  });
});

describe('a row', () => {
  test.each(['null', '1', '"text"', 'true', '[]', '[{"time":"2026-11-21T10:00:00Z","service":"cdn"}]'])(
    '%s is none',
    (json) => {
      expect(parseRow('requests', json)).toEqual({ problem: 'a row has to be a JSON object' });
    },
  );

  test.each(['servise', '__proto__', 'constructor', 'toString', 'hasOwnProperty', '', 'Time', 'deployment'])(
    'with the unknown field "%s" is refused by its name',
    (name) => {
      const json = `{"time":"2026-11-21T10:00:00Z","service":"cdn",${JSON.stringify(name)}:1}`;
      expect(parseRow('requests', json)).toEqual({ field: name, problem: 'unknown field' });
    },
  );

  test('with an unknown field is refused even when the field is null', () => {
    expect(parseRow('requests', '{"time":"2026-11-21T10:00:00Z","service":"cdn","x":null}')).toEqual({
      field: 'x',
      problem: 'unknown field',
    });
  });

  test('with several mistakes is told the first, as the row has them', () => {
    expect(parseRow('requests', '{"status":"200","bytes":-1}')).toHaveProperty('field', 'status');
    expect(parseRow('requests', '{"bytes":-1,"status":"200"}')).toHaveProperty('field', 'bytes');
  });
});
