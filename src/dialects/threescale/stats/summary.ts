import type { Metric } from '../../../directory/provider/products.ts';
import { ok } from '../../../domain/result.ts';
import type { Endpoint } from '../endpoint.ts';
import { timestamp } from '../time/texts.ts';
import { subjectOf } from './subject.ts';
import type { StatsReads } from './usage.ts';

const HITS = 'hits';

/** `summary`: what can be asked about (contract 4.10). Of a service only the methods of `hits`, in a bare list. */
export function summary({ providers }: StatsReads, kind: 'application' | 'service'): Endpoint['run'] {
  return async (call) => {
    const subject = await subjectOf(providers, call, kind);
    if (!subject.ok) return subject;
    const all = await providers.metrics(call.tenant.id, [subject.value.product.id]);
    const written = (metric: Metric): object => ({ metric: metricObject(metric) });
    const metricObject = (metric: Metric): object => ({
      id: metric.id,
      system_name: metric.systemName,
      friendly_name: metric.friendlyName,
      unit: metric.unit,
      description: metric.description,
      parent_id: metric.parent,
      service_id: metric.product,
      created_at: timestamp(metric.createdAt, call.tenant.zone),
      updated_at: timestamp(metric.updatedAt, call.tenant.zone),
    });
    if (kind === 'service') {
      const hits = all.find(({ systemName, parent }) => systemName === HITS && parent === null);
      return ok({ json: () => all.filter(({ parent }) => parent !== null && parent === hits?.id).map(written) });
    }
    return ok({
      json: () => ({
        metrics: all.filter(({ parent }) => parent === null).map(written),
        methods: all.filter(({ parent }) => parent !== null).map(written),
      }),
    });
  };
}
