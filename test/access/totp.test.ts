import { describe, expect, test } from 'vitest';
import { totpCode, totpStep } from '../../src/access/totp.ts';
import { epochMs } from '../../src/domain/time/instant.ts';

/** The ASCII text 12345678901234567890 of RFC 6238, in base32. */
const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const seconds = (value: number) => epochMs(value * 1000);

describe('one-time codes (RFC 6238, appendix B, last six digits)', () => {
  test.each([
    [59, '287082'],
    [1111111109, '081804'],
    [1111111111, '050471'],
    [1234567890, '005924'],
    [2000000000, '279037'],
    [20000000000, '353130'],
  ])('at %i s the code is %s', (at, code) => {
    expect(totpCode(SECRET, seconds(at))).toBe(code);
    expect(totpStep(SECRET, code, seconds(at))).toBe(Math.floor(at / 30));
  });

  test('the step before and the step after are accepted, two steps off is not', () => {
    expect(totpStep(SECRET, '287082', seconds(59 + 30))).toBe(1);
    expect(totpStep(SECRET, '287082', seconds(59 - 30))).toBe(1);
    expect(totpStep(SECRET, '287082', seconds(59 + 31))).toBeNull();
    expect(totpStep(SECRET, '287082', seconds(59 - 60))).toBeNull();
  });

  test.each(['', '28708', '2870822', '28708a', ' 287082', '２８７０８２'])('%j is no code', (code) => {
    expect(totpStep(SECRET, code, seconds(59))).toBeNull();
  });

  test('a secret may be written in groups and small letters', () => {
    expect(totpCode('gezd gnbv gy3t qojq gezd gnbv gy3t qojq', seconds(59))).toBe('287082');
  });
});
