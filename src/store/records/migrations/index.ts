import type { Kysely } from 'kysely';
import type { Ddl } from '../ddl.ts';
import { core } from './0001-core.ts';
import { directory } from './0002-directory.ts';
import { products } from './0003-products.ts';
import { applications } from './0004-applications.ts';
import { appsAndPlaces } from './0005-apps-and-places.ts';
import { oauthTokens } from './0006-oauth-tokens.ts';
import { metering } from './0007-metering.ts';
import { appPeaks } from './0009-app-peaks.ts';
import { jobs } from './0010-jobs.ts';

/**
 * The history of the tables. Append only: a migration that has been released is never edited, and names sort in the
 * order they run. Breaking changes go in two releases, expand, then contract.
 */
export const migrations: Readonly<Record<string, (db: Kysely<unknown>, ddl: Ddl) => Promise<void>>> = {
  '0001-core': core,
  '0002-directory': directory,
  '0003-products': products,
  '0004-applications': applications,
  '0005-apps-and-places': appsAndPlaces,
  '0006-oauth-tokens': oauthTokens,
  '0007-metering': metering,
  '0009-app-peaks': appPeaks,
  '0010-jobs': jobs,
};
