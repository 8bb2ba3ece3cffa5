import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { Access } from '../access/access.ts';
import type { CoreConfig } from '../config/config.ts';
import type { Settings, SettingValues } from '../config/setting.ts';
import type { Directory } from '../directory/directory.ts';
import type { ProviderDirectory } from '../directory/provider/provider-directory.ts';
import type { DirectoryResources } from '../directory/resources/resources.ts';
import type { Clock } from '../domain/time/clock.ts';
import type { OfferedValues } from '../http/dialect-scope.ts';
import type { Ingest } from '../ingest/ingest.ts';
import type { Metering } from '../metering/metering.ts';
import type { Jobs } from '../jobs/jobs.ts';
import type { Questions } from '../queries/ask/questions.ts';
import type { Audience } from '../queries/audience/audience.ts';
import type { Exports } from '../queries/export/export.ts';
import type { Live } from '../queries/live/live.ts';
import type { Traffic } from '../queries/traffic/traffic.ts';
import type { EngagementReports } from '../reports/engagement/engagement.ts';
import type { Presence } from '../queries/presence/presence.ts';
import type { Retention } from '../queries/retention/retention.ts';

/** What the program offers to a dialect: use cases only, no store. */
export interface Services {
  readonly config: CoreConfig;
  readonly clock: Clock;
  readonly log: Logger;
  readonly access: Access;
  readonly directory: Directory;
  /** The directory entry by entry, to be listed and changed. */
  readonly resources: DirectoryResources;
  /** What API providers (3scale tenants) have configured. */
  readonly providers: ProviderDirectory;
  readonly ingest: Ingest;
  readonly questions: Questions;
  readonly audience: Audience;
  readonly presence: Presence;
  readonly retention: Retention;
  readonly jobs: Jobs;
  readonly exports: Exports;
  readonly live: Live;
  /** Usage of applications against their limits. */
  readonly metering: Metering;
  readonly traffic: Traffic;
  readonly engagement: EngagementReports;
}

/**
 * One outside API: a folder under `dialects/` with this value as its only export, and one line in `registry.ts`.
 * The folder owns its wire names, credentials, error forms and limits; nothing outside it knows them.
 */
export interface Dialect<S extends Settings = Settings> {
  /** Name of the folder, of the ledger's source and of `/openapi/<name>.json`. */
  readonly name: string;
  readonly title: string;
  /** For the API reference: what it is, which version it answers like, how to send credentials. Markdown. */
  readonly description: string;
  /** How a caller shows who it is, as OpenAPI security schemes; offered by "Authorize" in the API reference. */
  readonly securitySchemes: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** What the API reference offers for parameters that name objects; nothing when absent. */
  readonly values?: OfferedValues;
  /** A curl line that answers with data when `tallyhouse demo` listens on `url`; one line, ready to paste. */
  readonly demoRequest: (url: string) => string;
  /** Settings of its own, declared beside its code. */
  readonly settings: S;
  /**
   * Adds its routes to a scope of its own. The scope has no prefix and inherits only the server's plumbing: body
   * parsers, error handler and not-found answers set here stay inside. (A method, so that a dialect with settings of
   * its own can stand in the registry beside others.)
   */
  register(scope: FastifyInstance, services: Services, settings: SettingValues<S>): void | Promise<void>;
}
