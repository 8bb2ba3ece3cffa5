import type { ApplicationsTables } from './applications.ts';
import type { AppsTables } from './apps.ts';
import type { ClaimsTables } from './claims.ts';
import type { DeploymentsTables } from './deployments.ts';
import type { InstanceTables } from './instance.ts';
import type { JobsTables } from './jobs.ts';
import type { LedgerTables } from './ledger.ts';
import type { MeteringTables } from './metering.ts';
import type { OauthClientsTables } from './oauth-clients.ts';
import type { OauthTokensTables } from './oauth-tokens.ts';
import type { OrganizationsTables } from './organizations.ts';
import type { OutboxTables } from './outbox.ts';
import type { ProductsTables } from './products.ts';
import type { SessionsTables } from './sessions.ts';
import type { StatesTables } from './states.ts';
import type { UsersTables } from './users.ts';

/**
 * Every table of the records store, composed of one file for each area. Conventions: instants are `…_at` columns of
 * `EpochMs`; `organization_id` refers to a row, a bare `organization` is a number that outlives it; text is compared
 * and ordered by its bytes on every engine.
 */
export interface RecordsSchema
  extends
    ClaimsTables,
    StatesTables,
    LedgerTables,
    OutboxTables,
    InstanceTables,
    SessionsTables,
    OrganizationsTables,
    UsersTables,
    ProductsTables,
    ApplicationsTables,
    MeteringTables,
    AppsTables,
    DeploymentsTables,
    OauthClientsTables,
    OauthTokensTables,
    JobsTables {}
