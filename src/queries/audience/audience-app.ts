import type { OrganizationId } from '../../domain/scope.ts';
import type { EpochMs, ZoneId } from '../../domain/time/instant.ts';

/** The app whose users are asked for, in its present life; buckets are those of its zone. */
export interface AudienceApp {
  readonly organization: OrganizationId;
  readonly id: string;
  readonly era: EpochMs;
  readonly zone: ZoneId;
}
