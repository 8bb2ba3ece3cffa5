import type { Application } from '../../../directory/provider/applications.ts';
import type { Metric, Product } from '../../../directory/provider/products.ts';
import type { ProviderDirectory } from '../../../directory/provider/provider-directory.ts';
import { fail, ok, type Result } from '../../../domain/result.ts';
import type { Call } from '../endpoint.ts';
import { message, missing, type ReadRefusal } from '../format/refusal.ts';

/** Whose numbers a path is about. */
export interface Subject {
  readonly application: Application | null;
  readonly product: Pick<Product, 'id' | 'systemName'>;
}

/** The application or service of the path (contract 2.3: an object that is not there comes before any parameter). */
export async function subjectOf(
  providers: ProviderDirectory,
  { tenant, parameters }: Call,
  kind: 'application' | 'service',
): Promise<Result<Subject, ReadRefusal>> {
  const id = parameters.id(`${kind}_id`);
  if (kind === 'application') {
    const application = typeof id === 'number' ? await providers.application(tenant.id, { id }) : null;
    if (application === null) return fail(message(404, 'Application not found'));
    return ok({ application, product: application.product });
  }
  const product = typeof id === 'number' ? await providers.product(tenant.id, id) : null;
  return product === null ? fail(message(404, 'Service not found')) : ok({ application: null, product });
}

/** The metric's or method's system name as it was sent; `method_name` stands in where there is no `metric_name`. */
export function metricName({ parameters }: Call): Result<string, ReadRefusal> {
  const name = parameters.get('metric_name') ?? parameters.get('method_name');
  return name === null ? fail(missing('metric_name')) : ok(name);
}

export async function findMetric(
  providers: ProviderDirectory,
  { tenant }: Call,
  product: number,
  name: string,
): Promise<Result<Metric, ReadRefusal>> {
  const metrics = await providers.metrics(tenant.id, [product]);
  const metric = metrics.find(({ systemName }) => systemName === name);
  return metric === undefined ? fail(message(400, `metric ${name} not found`)) : ok(metric);
}
