import { expect, test } from 'vitest';
import { isStorable, STORABLE, WRITABLE } from '../../../src/domain/time/instant.ts';
import { formatRfc3339Utc } from '../../../src/domain/time/rfc3339.ts';
import { at } from './literals.ts';

test('facts carry instants from 1900 to 2299', () => {
  expect(formatRfc3339Utc(STORABLE.from)).toBe('1900-01-01T00:00:00Z');
  expect(formatRfc3339Utc(STORABLE.to)).toBe('2300-01-01T00:00:00Z');
  expect(isStorable(at('1900-01-01T00:00:00Z'))).toBe(true);
  expect(isStorable(at('1899-12-31T23:59:59.999Z'))).toBe(false);
  expect(isStorable(at('2299-12-31T23:59:59.999Z'))).toBe(true);
  expect(isStorable(at('2300-01-01T00:00:00Z'))).toBe(false);
});

test('texts carry instants from 0000 to 9999', () => {
  expect(formatRfc3339Utc(WRITABLE.from)).toBe('0000-01-01T00:00:00Z');
  expect(formatRfc3339Utc(WRITABLE.to)).toBe('+010000-01-01T00:00:00Z');
});
