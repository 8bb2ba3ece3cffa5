import type { Metric, Product } from '../../../directory/provider/products.ts';
import type { Call } from '../endpoint.ts';
import { element, type XmlContent } from '../format/xml.ts';
import { timestamp } from '../time/texts.ts';
import { linksOf, type Written } from './answers.ts';

/** A product with its metrics and methods, which only XML shows. */
export interface ShownService {
  readonly product: Product;
  readonly metrics: readonly Metric[];
}

/** What a product has that is not configured here: as a product of the imitated server is born. */
const BEFORE_DEPLOYMENT = {
  intentions_required: false,
  buyers_manage_apps: true,
  buyers_manage_keys: true,
  referrer_filters_required: false,
  custom_keys_enabled: true,
  buyer_key_regenerate_enabled: true,
  mandatory_app_key: true,
  buyer_can_select_plan: false,
  buyer_plan_change_permission: 'request',
  deployment_option: 'self_managed',
  support_email: '',
} as const satisfies Readonly<Record<string, XmlContent>>;

export function writeService(call: Call): Written<ShownService> {
  const { zone } = call.tenant;
  const metric = writeMetric(call);
  return {
    xml: ({ product, metrics }) =>
      element('service', [
        element('id', product.id),
        // A tenant has no account of its own here.
        element('account_id'),
        element('name', product.name),
        element('state', product.state),
        element('system_name', product.systemName),
        element('backend_version', product.backendVersion),
        element('description', product.description),
        ...Object.entries(BEFORE_DEPLOYMENT).map(([name, value]) => element(name, value === '' ? null : value)),
        element('metrics', metrics.map(metric.xml)),
      ]),
    json: ({ product }) => ({
      service: {
        id: product.id,
        name: product.name,
        state: product.state,
        system_name: product.systemName,
        backend_version: product.backendVersion,
        description: product.description ?? '',
        ...BEFORE_DEPLOYMENT,
        created_at: timestamp(product.createdAt, zone),
        updated_at: timestamp(product.updatedAt, zone),
        links: linksOf(call, {
          metrics: `/admin/api/services/${product.id}/metrics`,
          self: `/admin/api/services/${product.id}`,
          application_plans: `/admin/api/services/${product.id}/application_plans`,
        }),
      },
    }),
  };
}

/** In lists of metrics: a method is `<method>` in XML, and in JSON a `metric` with a parent. */
export function writeMetric(call: Call): Written<Metric> {
  return {
    xml: (metric) =>
      element(metric.parent === null ? 'metric' : 'method', [
        element('id', metric.id),
        element('name', metric.systemName),
        element('system_name', metric.systemName),
        element('friendly_name', metric.friendlyName),
        element('service_id', metric.product),
        element('description', metric.description),
        metric.parent === null ? element('unit', metric.unit) : element('metric_id', metric.parent),
      ]),
    json: (metric) => ({ metric: metricObject(call, metric) }),
  };
}

/** In lists of methods. */
export function writeMethod(call: Call): Written<Metric> {
  return { ...writeMetric(call), json: (metric) => ({ method: metricObject(call, metric) }) };
}

function metricObject(call: Call, metric: Metric): object {
  const { zone } = call.tenant;
  const service = `/admin/api/services/${metric.product}`;
  const self =
    metric.parent === null
      ? `${service}/metrics/${metric.id}`
      : `${service}/metrics/${metric.parent}/methods/${metric.id}`;
  return {
    id: metric.id,
    name: metric.systemName,
    system_name: metric.systemName,
    friendly_name: metric.friendlyName,
    description: metric.description ?? '',
    unit: metric.unit,
    ...(metric.parent === null ? {} : { parent_id: metric.parent }),
    created_at: timestamp(metric.createdAt, zone),
    updated_at: timestamp(metric.updatedAt, zone),
    links: linksOf(call, {
      service,
      ...(metric.parent === null ? {} : { parent: `${service}/metrics/${metric.parent}` }),
      self,
    }),
  };
}
