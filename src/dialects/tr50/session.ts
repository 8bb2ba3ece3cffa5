import type { Organization } from '../../directory/organizations.ts';
import type { EpochMs } from '../../domain/time/instant.ts';

/** Idle lifetime of a session in seconds; every accepted packet begins it anew (contract 3.2). */
export const SESSION_TTL_S = 86_400;

/** Who logged in. An application speaks for a thing and never has rights of the instance (contract 3.3). */
export type Caller =
  | {
      readonly kind: 'user';
      readonly publicId: string;
      readonly uid: string;
      readonly email: string;
      readonly superOps: boolean;
    }
  | { readonly kind: 'application'; readonly appId: string; readonly thingKey: string };

/** A login that is in force, as the commands of one packet see it. */
export interface Session {
  readonly id: string;
  readonly caller: Caller;
  readonly startedAt: EpochMs;
  /** The organization that all figures refer to; `enter` changes it. */
  readonly current: Organization;
  readonly ended: boolean;
  /**
   * Whether the caller may work in the organization: users in those granted to them, owners and admins below these, too,
   * Super-Ops in all; applications in their own. A suspended one is open to Super-Ops only.
   */
  mayEnter(organization: Organization): boolean;
  /** Owner or admin of the organization or of one above it. */
  administers(organization: Organization): boolean;
  /** The role granted in this very organization; null for none. */
  roleIn(organization: Organization): string | null;
  /** Makes the organization the current one, for this packet and the next; the caller has asked `mayEnter`. */
  enter(organization: Organization): Promise<void>;
  end(): Promise<void>;
}
