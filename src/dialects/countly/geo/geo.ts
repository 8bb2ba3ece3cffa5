import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { isIP } from 'node:net';
import { Reader, type Response } from 'mmdb-lib';
import { withoutPort } from '../transport/client-address.ts';

/** Where an address is, as far as the data tell. */
export interface Place {
  /** Two capital letters. */
  readonly country: string | null;
  /** English name. */
  readonly city: string | null;
}

/** Looks addresses up in a MaxMind database file (contract 2.6). */
export interface Geo {
  /** Of an IPv4 or IPv6 address, with or without a port; nowhere for everything else. */
  locate(address: string): Place;
}

const NOWHERE: Place = { country: null, city: null };
const PACKAGED = '@ip-location-db/geo-whois-asn-country-mmdb/geo-whois-asn-country.mmdb';

/** What a row of the file may say: MaxMind's form with cities, or a bare country. */
interface Row {
  readonly country_code?: unknown;
  readonly country?: { readonly iso_code?: unknown };
  readonly city?: { readonly names?: { readonly en?: unknown } };
}

/**
 * Reads the file at `path`, or the one that comes with the server. Rejects when it cannot be read or is no such
 * database; only the packaged one may be missing, and then every address is nowhere.
 */
export async function openGeo(path: string | undefined): Promise<Geo> {
  const file = path ?? packagedFile();
  if (file === null) return { locate: () => NOWHERE };
  const reader = await readerOf(file).catch((cause: unknown) => {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`TALLYHOUSE_COUNTLY_GEO_FILE: ${file} cannot be read as a MaxMind database: ${why}`, { cause });
  });
  return {
    locate(written) {
      // The data know IPv4 addresses only in their own form.
      const address = withoutPort(written.trim().replace(/^::ffff:(?=[\d.]+$)/i, ''));
      if (isIP(address) === 0) return NOWHERE;
      const row = reader.get(address) as Row | null;
      const country = row?.country?.iso_code ?? row?.country_code;
      const city = row?.city?.names?.en;
      return {
        country: typeof country === 'string' && /^[A-Z]{2}$/.test(country) ? country : null,
        city: typeof city === 'string' && city !== '' ? city : null,
      };
    },
  };
}

async function readerOf(file: string): Promise<Reader<Response>> {
  return new Reader<Response>(await readFile(file));
}

/** Found beside the other packages, from the sources and from the bundle alike. */
function packagedFile(): string | null {
  try {
    return createRequire(import.meta.url).resolve(PACKAGED);
  } catch {
    return null;
  }
}
