import type { Problem } from '../../../domain/problem.ts';
import type { OrganizationId } from '../../../domain/scope.ts';
import type { StreamName } from '../../../domain/streams/index.ts';
import type { EpochMs } from '../../../domain/time/instant.ts';
import { NO_CONSEQUENCES, type UsageConsequences } from '../../../metering/row-usage.ts';
import { invalid } from './field-value.ts';

/** Fields of a row that are columns of the stream, by name. */
export type RowValues = Record<string, string | number>;

/** What rows of one request may name, looked up in memory. */
export interface References {
  /** Organization of rows that name none: the key's own. */
  readonly own: OrganizationId;
  /** By uid or key, among those the key covers. */
  organization(name: string): OrganizationId | null;
  /** Null when it is none of the organization's. */
  app(organization: OrganizationId, id: string): { readonly era: EpochMs } | null;
  /** Array and deployment that a device belongs to now. */
  device(organization: OrganizationId, key: string): { readonly array: string; readonly deployment: string } | null;
  /** Deployment that an array belongs to now. */
  array(organization: OrganizationId, key: string): { readonly deployment: string } | null;
  product(organization: OrganizationId, systemName: string): ProductReferences | null;
}

export interface ProductReferences {
  hasApplication(id: number): boolean;
  /** Of a metric or method; null when the product has none of that name. */
  usage(metric: string, application: number, amount: number, at: EpochMs): UsageConsequences | null;
}

/**
 * Looks up what the row names and completes it; returns what comes with it. `requests` stays as it is: old logs name stacks and applications that
 * are gone, and count all the same.
 */
export function checkReferences(
  stream: StreamName,
  values: RowValues,
  organization: OrganizationId,
  references: References,
  at: EpochMs,
): Problem | UsageConsequences {
  switch (stream) {
    case 'visits':
      return locate(values, organization, references) ?? NO_CONSEQUENCES;
    case 'sessions':
      return assignEra(values, organization, references) ?? NO_CONSEQUENCES;
    case 'events':
      if (values['sum'] !== undefined) values['sum_given'] = 1;
      if (values['duration'] !== undefined) values['duration_given'] = 1;
      return assignEra(values, organization, references) ?? NO_CONSEQUENCES;
    case 'usage':
      return checkUsage(values, organization, references, at);
    case 'requests':
    case 'inventory':
      return NO_CONSEQUENCES;
  }
}

/** A visit names its device or its array; where that is now, it stays (scanalytics.md 8 and appendix 2). */
function locate(values: RowValues, organization: OrganizationId, references: References): Problem | null {
  const { device, array } = values;
  if (device !== undefined) {
    if (array !== undefined) return invalid('array', 'cannot stand beside device: a row names one of them');
    const place = references.device(organization, String(device));
    if (place === null) return invalid('device', 'is no device of the organization');
    values['array'] = place.array;
    values['deployment'] = place.deployment;
    return null;
  }
  if (array === undefined) return { kind: 'missing_field', field: 'device' };
  const place = references.array(organization, String(array));
  if (place === null) return invalid('array', 'is no array of the organization');
  values['deployment'] = place.deployment;
  return null;
}

/** What an app got before it was reset is not its own any more. */
function assignEra(values: RowValues, organization: OrganizationId, references: References): Problem | null {
  const app = references.app(organization, String(values['app']));
  if (app === null) return invalid('app', 'is no app of the organization');
  values['era'] = app.era;
  return null;
}

function checkUsage(
  values: RowValues,
  organization: OrganizationId,
  references: References,
  at: EpochMs,
): Problem | UsageConsequences {
  const product = references.product(organization, String(values['product']));
  if (product === null) return invalid('product', 'is no product of the organization');
  const application = Number(values['application']);
  if (!product.hasApplication(application)) return invalid('application', 'is no application of the product');
  const usage = product.usage(String(values['metric']), application, Number(values['value'] ?? 1), at);
  return usage ?? invalid('metric', 'is no metric or method of the product');
}
