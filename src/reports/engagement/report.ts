import type { EpochMs, ZoneId } from '../../domain/time/instant.ts';
import type { Activity, Group } from './activity.ts';

/** The engagement report as a value; the renderers beside this file write it. Contract 6.3. */
export interface EngagementReport {
  readonly parameters: EngagementParameters;
  readonly summary: EngagementSummary;
  /** In the order of contract 6.2. */
  readonly rows: readonly EngagementRow[];
}

/** What was asked, defaults filled in. */
export interface EngagementParameters {
  readonly planName: string | null;
  readonly planId: number | null;
  readonly serviceId: number | null;
  readonly state: string | null;
  readonly days: number;
  readonly metricName: string;
  readonly zone: ZoneId;
  /** Each day of the window, `2024-03-01`. */
  readonly dates: readonly string[];
}

export interface EngagementSummary {
  readonly applications: number;
  readonly accounts: number;
  readonly groups: Readonly<Record<Group, GroupSummary>>;
  /** Of all consistent applications that had hits in the first half; null when there are none. */
  readonly growthPercent: number | null;
  readonly lateStarts: number;
}

export interface GroupSummary {
  readonly applications: number;
  /** Accounts whose best group this is. */
  readonly accounts: number;
  /** Of the cohort; null when it is empty. */
  readonly sharePercent: number | null;
}

export interface EngagementRow extends Activity {
  readonly applicationId: number;
  readonly applicationName: string;
  readonly accountId: number;
  readonly orgName: string;
  /** First and last name of the account's contact; '' when unknown, as the e-mail. */
  readonly name: string;
  readonly email: string;
  readonly planName: string;
  readonly serviceId: number;
  readonly state: string;
  readonly createdAt: EpochMs;
  readonly values: readonly number[];
}
