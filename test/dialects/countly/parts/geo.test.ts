import { describe, expect, test } from 'vitest';
import { countryName } from '../../../../src/dialects/countly/countries.ts';
import { openGeo } from '../../../../src/dialects/countly/geo/geo.ts';

describe('the country of an address (2.6)', () => {
  test.each([
    ['78.160.0.1', 'TR'],
    ['::ffff:78.160.0.1', 'TR'],
    ['85.214.132.117:4711', 'DE'],
    [' 8.8.8.8 ', 'US'],
    ['[2a00:1450::1]:443', 'IE'],
    ['127.0.0.1', null],
    ['10.0.0.1', null],
    ['fe80::1%eth0', null],
    ['1.2', null],
    ['300.1.1.1', null],
    ['somewhere', null],
    ['', null],
  ])('%s', async (address, country) => {
    const geo = await openGeo(undefined);
    expect(geo.locate(address)).toEqual({ country, city: null });
  });

  test('a file that is no database is refused', async () => {
    await expect(openGeo('/etc/hostname')).rejects.toThrow(
      'TALLYHOUSE_COUNTLY_GEO_FILE: /etc/hostname cannot be read as a MaxMind database',
    );
    await expect(openGeo('/nowhere.mmdb')).rejects.toThrow('ENOENT');
  });
});

describe('names of countries (4.2)', () => {
  test.each([
    ['TR', 'Turkey'],
    ['DE', 'Germany'],
    ['US', 'United States'],
    ['QQ', null],
    ['EU', null],
    ['tr', null],
    ['TUR', null],
    ['Unknown', null],
  ])('%s', (code, name) => {
    expect(countryName(code)).toBe(name);
  });
});
