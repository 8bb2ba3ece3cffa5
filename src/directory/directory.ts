import type { Clock } from '../domain/time/clock.ts';
import type { ZoneId } from '../domain/time/instant.ts';
import type { Records } from '../store/records/records.ts';
import { changeAppRoles, resetApp, type AppRoles } from './app-changes.ts';
import { loadApps, type Apps } from './apps.ts';
import { changePlace, loadDeployments, type Deployment, type PlaceChange } from './deployments.ts';
import {
  createMeteredApplications,
  loadApplicationIds,
  type ApplicationIds,
  type MeteredApplications,
} from './metered-applications.ts';
import { loadMeters, type Meters } from './meters.ts';
import { loadOrganizations, type OrganizationTree } from './organizations.ts';
import { createPeople, type People } from './people.ts';
import { loadOwners, type Owners } from './owners.ts';
import { loadPlaces, type Places } from './places.ts';
import type { Sealing } from './secrets/sealing.ts';
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
  applicationIds(): Promise<ApplicationIds>;
  readonly meteredApplications: MeteredApplications;
  apps(): Promise<Apps>;
  owners(): Promise<Owners>;
  stacks(): Promise<Stacks>;
  /** Null when there is none. Disabled users are returned too; see `User.enabled`. */
  userByEmail(email: string): Promise<User | null>;
  userById(id: number): Promise<User | null>;
  readonly people: People;
  /** False when it is not there any more. What is read afterwards has the change. */
  changePlace(change: PlaceChange): Promise<boolean>;
  /** Everything the app received so far is none of its any more; false when there is no such app. */
  resetApp(id: string): Promise<boolean>;
  /** What is read afterwards has the change. */
  changeAppRoles(roles: AppRoles): Promise<void>;
  /** Calls back after every change, for caches of what was derived from the directory. */
  onChange(listener: () => void): void;
  /** Sees a change made just now at once. */
  refresh(): Promise<void>;
  close(): Promise<void>;
}

export interface DirectoryParts {
  readonly records: Records;
  readonly clock: Clock;
  readonly sealing: Sealing;
  /** Zone of organizations that have none. */
  readonly instanceZone: ZoneId;
  readonly onError?: (error: unknown) => void;
}

export async function createDirectory(parts: DirectoryParts): Promise<Directory> {
  const { records, clock, sealing, instanceZone, onError } = parts;
  const { db } = records;
  const snapshots: Snapshots = await createSnapshots(db, onError);
  return {
    organizations: snapshots.snapshot((from) => loadOrganizations(from, instanceZone)),
    places: snapshots.snapshot(loadPlaces),
    deployments: snapshots.snapshot(loadDeployments),
    meters: snapshots.snapshot(loadMeters),
    applicationIds: snapshots.snapshot(loadApplicationIds),
    meteredApplications: createMeteredApplications(records, snapshots, sealing),
    apps: snapshots.snapshot((from) => loadApps(from, sealing)),
    owners: snapshots.snapshot(loadOwners),
    stacks: snapshots.snapshot(loadStacks),
    userByEmail: (email) => findUserByEmail(db, email),
    userById: (id) => findUserById(db, id),
    people: createPeople(db, sealing),
    async changePlace(change) {
      const changed = await changePlace({ records, clock }, change);
      await snapshots.refresh();
      return changed;
    },
    async resetApp(id) {
      const found = await resetApp({ records, clock }, id);
      await snapshots.refresh();
      return found;
    },
    async changeAppRoles(roles) {
      await changeAppRoles(records, roles);
      await snapshots.refresh();
    },
    onChange: (listener) => snapshots.onChange(listener),
    refresh: () => snapshots.refresh(),
    close: () => snapshots.close(),
  };
}
