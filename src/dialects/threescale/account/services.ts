import type { Metric, Product } from '../../../directory/provider/products.ts';
import type { Plan } from '../../../directory/provider/plans.ts';
import type { ProviderDirectory } from '../../../directory/provider/provider-directory.ts';
import { fail } from '../../../domain/result.ts';
import { describe, idOf } from '../describe.ts';
import type { Call, Endpoint } from '../endpoint.ts';
import { exampleOf } from '../examples/examples.ts';
import { NOT_FOUND } from '../format/refusal.ts';
import { oneOf, pageOfList, wholeList } from './answers.ts';
import { pageAsked } from './paging.ts';
import { pagingParameters } from './parameters.ts';
import { ACCOUNT_API } from './scope.ts';
import { writeLimit, writePlan } from './write-plan.ts';
import { writeMethod, writeMetric, writeService } from './write-service.ts';

type Run = Endpoint['run'];

const serviceId = idOf('services', 'Id of the service.', 7);
const metricId = idOf('metric_ids', 'Id of the metric.', 11);
const planId = idOf('plans', 'Id of the plan.', 3);
const tag = 'Account Management API';

/** Services with their metrics, methods and plans (contract 3.5). */
export function serviceEndpoints(providers: ProviderDirectory): readonly Endpoint[] {
  const { formats } = ACCOUNT_API;
  const route = (path: string, described: Omit<Parameters<typeof describe>[0], 'tag' | 'formats'>, run: Run) => ({
    ...ACCOUNT_API,
    path,
    schema: describe({ ...described, tag, formats }),
    run,
  });

  const metricsOf = (call: Call, product: Product) => providers.metrics(call.tenant.id, [product.id]);

  /** Goes on with the service that the path names. */
  const ofService =
    (then: (call: Call, product: Product) => ReturnType<Run>): Run =>
    async (call) => {
      const id = call.parameters.id('service_id');
      const product = typeof id === 'number' ? await providers.product(call.tenant.id, id) : null;
      return product === null ? fail(NOT_FOUND) : then(call, product);
    };

  /** Goes on with the metric that the path names, and all of its service. */
  const ofMetric = (then: (call: Call, metric: Metric, all: readonly Metric[]) => ReturnType<Run>): Run =>
    ofService(async (call, product) => {
      const all = await metricsOf(call, product);
      const metric = all.find(({ id }) => id === call.parameters.id('metric_id'));
      return metric === undefined ? fail(NOT_FOUND) : then(call, metric, all);
    });

  /** Goes on with the plan that the path names, whatever service it is of. */
  const ofPlan =
    (then: (call: Call, plan: Plan) => ReturnType<Run>): Run =>
    async (call) => {
      const id = call.parameters.id('plan_id');
      const [plan] = typeof id === 'number' ? await providers.plans(call.tenant.id, { ids: [id] }) : [];
      return plan === undefined ? fail(NOT_FOUND) : then(call, plan);
    };

  return [
    route(
      '/admin/api/services',
      { summary: 'Services', query: pagingParameters, examples: exampleOf('services') },
      async (call) => {
        const asked = pageAsked(call.parameters);
        const found = await providers.products(call.tenant.id, asked);
        const metrics = await providers.metrics(
          call.tenant.id,
          found.items.map(({ id }) => id),
        );
        const items = found.items.map((product) => ({
          product,
          metrics: metrics.filter((metric) => metric.product === product.id),
        }));
        return pageOfList('services', asked, { items, total: found.total }, writeService(call));
      },
    ),
    route(
      '/admin/api/services/:service_id',
      { summary: 'One service', path: { service_id: serviceId }, examples: exampleOf('service') },
      ofService(async (call, product) => {
        return oneOf({ product, metrics: await metricsOf(call, product) }, writeService(call));
      }),
    ),
    route(
      '/admin/api/services/:service_id/metrics',
      {
        summary: 'Metrics of a service, methods included',
        path: { service_id: serviceId },
        examples: exampleOf('metrics'),
      },
      ofService(async (call, product) => wholeList('metrics', await metricsOf(call, product), writeMetric(call))),
    ),
    route(
      '/admin/api/services/:service_id/metrics/:metric_id',
      { summary: 'One metric', path: { service_id: serviceId, metric_id: metricId }, examples: exampleOf('metric') },
      ofMetric(async (call, metric) => oneOf(metric, writeMetric(call))),
    ),
    route(
      '/admin/api/services/:service_id/metrics/:metric_id/methods',
      {
        summary: 'Methods of a metric',
        path: { service_id: serviceId, metric_id: metricId },
        examples: exampleOf('methods'),
      },
      ofMetric(async (call, metric, all) => {
        const methods = all.filter(({ parent }) => parent === metric.id);
        return wholeList('methods', methods, writeMethod(call));
      }),
    ),
    route(
      '/admin/api/services/:service_id/metrics/:metric_id/methods/:id',
      {
        summary: 'One method',
        path: { service_id: serviceId, metric_id: metricId, id: idOf('method_ids', 'Id of the method.', 12) },
        examples: exampleOf('method'),
      },
      ofMetric(async (call, metric, all) => {
        const method = all.find(({ id, parent }) => parent === metric.id && id === call.parameters.id('id'));
        return method === undefined ? fail(NOT_FOUND) : oneOf(method, writeMethod(call));
      }),
    ),
    route(
      '/admin/api/application_plans',
      { summary: 'Application plans', examples: exampleOf('plans') },
      async (call) => wholeList('plans', await providers.plans(call.tenant.id), writePlan(call)),
    ),
    route(
      '/admin/api/services/:service_id/application_plans',
      { summary: 'Application plans of a service', path: { service_id: serviceId }, examples: exampleOf('plans') },
      ofService(async (call, product) => {
        return wholeList('plans', await providers.plans(call.tenant.id, { product: product.id }), writePlan(call));
      }),
    ),
    route(
      '/admin/api/services/:service_id/application_plans/:plan_id',
      {
        summary: 'One application plan',
        path: { service_id: serviceId, plan_id: planId },
        examples: exampleOf('plan'),
      },
      ofService((call, product) =>
        ofPlan(async (_, plan) => (plan.product === product.id ? oneOf(plan, writePlan(call)) : fail(NOT_FOUND)))(call),
      ),
    ),
    route(
      '/admin/api/application_plans/:plan_id/limits',
      {
        summary: 'Limits of a plan',
        path: { plan_id: planId },
        query: pagingParameters,
        examples: exampleOf('limits'),
      },
      ofPlan(async (call, plan) => {
        const asked = pageAsked(call.parameters);
        const found = await providers.limits(call.tenant.id, { plan: plan.id }, asked);
        return pageOfList('limits', asked, found, writeLimit(call, plan.product));
      }),
    ),
    route(
      '/admin/api/application_plans/:plan_id/metrics/:metric_id/limits',
      {
        summary: 'Limits of a plan on one metric',
        path: { plan_id: planId, metric_id: metricId },
        examples: exampleOf('limits'),
      },
      ofPlan(async (call, plan) => {
        const metrics = await providers.metrics(call.tenant.id, [plan.product]);
        const metric = metrics.find(({ id }) => id === call.parameters.id('metric_id'));
        if (metric === undefined) return fail(NOT_FOUND);
        const { items } = await providers.limits(call.tenant.id, { plan: plan.id, metric: metric.id }, null);
        return wholeList('limits', items, writeLimit(call, plan.product));
      }),
    ),
  ];
}
