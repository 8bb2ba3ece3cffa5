import type { Clock } from '../domain/time/clock.ts';
import type { ZoneId } from '../domain/time/instant.ts';
import type { Records } from '../store/records/records.ts';
import { loadAppIds, type AppIds } from './app-ids.ts';
import { changePlace, loadDeployments, type Deployment, type PlaceChange } from './deployments.ts';
import { loadMeters, type Meters } from './meters.ts';
import { loadOrganizations, type OrganizationTree } from './organizations.ts';
import { loadOwners, type Owners } from './owners.ts';
import { loadPlaces, type Places } from './places.ts';
import { createSnapshots, type Snapshots } from './snapshots.ts';
import { loadStacks, type Stacks } from './stacks.ts';
import { findUserByEmail, findUserById, type User } from './users.ts';

/**
 * What is configured, to be read. Parts that every request needs are kept in memory and follow a change, also one made
 * by another process, within half a second.
 */
export interface Directory {
  organizations(): Promise<OrganizationTree>;
  places(): Promise<Places>;
  /** Everybody's; see `deploymentsOfUser`. */
  deployments(): Promise<readonly Deployment[]>;
  meters(): Promise<Meters>;
  appIds(): Promise<AppIds>;
  owners(): Promise<Owners>;
  stacks(): Promise<Stacks>;
  /** Null when there is none. Disabled users are returned too; see `User.enabled`. */
  userByEmail(email: string): Promise<User | null>;
  userById(id: number): Promise<User | null>;
  /** False when it is not there any more. What is read afterwards has the change. */
  changePlace(change: PlaceChange): Promise<boolean>;
  /** Calls back after every change, for caches of what was derived from the directory. */
  onChange(listener: () => void): void;
  /** Sees a change made just now at once. */
  refresh(): Promise<void>;
  close(): Promise<void>;
}

export interface DirectoryParts {
  readonly records: Records;
  readonly clock: Clock;
  /** Zone of organizations that have none. */
  readonly instanceZone: ZoneId;
  readonly onError?: (error: unknown) => void;
}

export async function createDirectory({ records, clock, instanceZone, onError }: DirectoryParts): Promise<Directory> {
  const { db } = records;
  const snapshots: Snapshots = await createSnapshots(db, onError);
  return {
    organizations: snapshots.snapshot((from) => loadOrganizations(from, instanceZone)),
    places: snapshots.snapshot(loadPlaces),
    deployments: snapshots.snapshot(loadDeployments),
    meters: snapshots.snapshot(loadMeters),
    appIds: snapshots.snapshot(loadAppIds),
    owners: snapshots.snapshot(loadOwners),
    stacks: snapshots.snapshot(loadStacks),
    userByEmail: (email) => findUserByEmail(db, email),
    userById: (id) => findUserById(db, id),
    async changePlace(change) {
      const changed = await changePlace({ records, clock }, change);
      await snapshots.refresh();
      return changed;
    },
    onChange: (listener) => snapshots.onChange(listener),
    refresh: () => snapshots.refresh(),
    close: () => snapshots.close(),
  };
}
