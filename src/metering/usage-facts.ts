import type { MeteredProduct } from '../directory/meters.ts';
import type { EpochMs } from '../domain/time/instant.ts';
import { fact, factOfRow, type Fact } from '../ingest/fact.ts';
import type { MetricCharge } from './charges.ts';

export interface UsageOf {
  readonly product: MeteredProduct;
  readonly applicationId: number;
  /** HTTP status of the metered call. */
  readonly code: number | null;
  /** The caller's own id of the usage, '' without. */
  readonly id?: string;
}

/**
 * The rows of one call, one for each metric. What methods add to a parent is a row of its own, marked, so that an export
 * can leave it out and its import makes it again. The first row alone carries the call's status: rows with a status
 * count calls.
 */
export function usageFacts(
  { product, applicationId, code, id = '' }: UsageOf,
  charges: readonly MetricCharge[],
  at: EpochMs,
): readonly Fact[] {
  const facts: Fact[] = [];
  for (const { metric, stated } of charges) {
    if (stated === 0) continue;
    const isFirst = facts.length === 0;
    facts.push(
      factOfRow('usage', {
        organization: product.organization,
        id: isFirst ? id : '',
        time: at,
        product: product.systemName,
        application: applicationId,
        metric: metric.systemName,
        value: stated,
        code: isFirst ? (code ?? undefined) : undefined,
      }),
    );
  }
  for (const inherited of inheritedFacts(product, applicationId, charges, at)) facts.push(inherited);
  return facts;
}

export function inheritedFacts(
  product: MeteredProduct,
  applicationId: number,
  charges: readonly MetricCharge[],
  at: EpochMs,
): readonly Fact[] {
  return charges.flatMap(({ metric, inherited }) => {
    if (inherited === 0) return [];
    const values = { product: product.systemName, application: applicationId, metric: metric.systemName };
    return [fact('usage', product.organization, at, { ...values, value: inherited, inherited: 1 })];
  });
}
