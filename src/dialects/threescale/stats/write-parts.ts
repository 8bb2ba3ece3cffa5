import type { Application } from '../../../directory/provider/applications.ts';
import type { Metric } from '../../../directory/provider/products.ts';
import type { Json } from '../format/json.ts';
import { element, type XmlElement } from '../format/xml.ts';

/** Parts that several answers of the Analytics API share (contract 4.5, 4.6, 4.9). */

export function metricElement({ id, friendlyName, systemName, unit }: Metric): XmlElement {
  return element('metric', [
    element('id', id),
    element('name', friendlyName),
    element('system_name', systemName),
    element('unit', unit),
  ]);
}

export function metricObject({ id, friendlyName, systemName, unit }: Metric): Json {
  return { id, name: friendlyName, system_name: systemName, unit };
}

/** `id`, `name`, `plan` and `account` of an application. */
export function applicationElements({ id, name, plan, account }: Application): readonly XmlElement[] {
  return [
    element('id', id),
    element('name', name),
    element('plan', [element('id', plan.id), element('name', plan.name)]),
    element('account', [element('name', account.orgName), element('id', account.id)]),
  ];
}
