import type { MeteredProduct } from '../../../directory/meters.ts';
import type { EpochMs } from '../../../domain/time/instant.ts';
import { formatRfc3339Utc } from '../../../domain/time/rfc3339.ts';
import { periodEnd, periodStart } from '../../../domain/time/utc-periods.ts';
import type { LimitReading } from '../../../metering/metering.ts';
import { element, xmlText, type XmlElement } from '../format/xml.ts';
import type { Reason } from './reasons.ts';

/** What an authorize or authrep says (contract 5.3). */
export interface Status {
  /** Null when the call is authorized. */
  readonly reason: Reason | null;
  readonly product: MeteredProduct;
  readonly planName: string;
  readonly readings: readonly LimitReading[];
  /** The instant the readings are of. */
  readonly at: EpochMs;
  /** The call was counted, so that current values include it. */
  readonly counted: boolean;
  /** Of the oauth calls. */
  readonly client: { readonly id: string; readonly key: string; readonly redirectUrl: string } | null;
  readonly appKeys: { readonly app: string; readonly keys: readonly string[] } | null;
  readonly hierarchy: boolean;
}

const MAX_LISTED_KEYS = 256;

/** Elements in an order that clients rely on. */
export function statusXml(status: Status): string {
  const { reason, client, readings, appKeys } = status;
  return xmlText(
    element('status', [
      element('authorized', reason === null),
      ...(reason === null ? [] : [element('reason', reason.text)]),
      ...(client === null
        ? []
        : [
            element('application', [
              element('id', client.id),
              element('key', client.key),
              element('redirect_url', client.redirectUrl),
            ]),
          ]),
      element('plan', status.planName),
      ...(readings.length === 0
        ? []
        : [
            element(
              'usage_reports',
              readings.map((reading) => usageReport(status, reading)),
            ),
          ]),
      ...(appKeys === null ? [] : [keyList(status.product, appKeys)]),
      ...(status.hierarchy ? [hierarchy(status)] : []),
    ]),
  );
}

/** What an application has used of a limit, with this call if it was counted. */
export function currentValue({ counted }: Pick<Status, 'counted'>, { stored, charge }: LimitReading): number {
  return counted ? stored + charge : stored;
}

function usageReport(status: Status, reading: LimitReading): XmlElement {
  const { metric, period, max, stored } = reading;
  const ends =
    period === 'eternity'
      ? []
      : [
          element('period_start', spaced(periodStart(period, status.at))),
          element('period_end', spaced(periodEnd(period, status.at))),
        ];
  return element(
    'usage_report',
    [...ends, element('max_value', max), element('current_value', currentValue(status, reading))],
    { metric: metric.systemName, period, ...(stored > max ? { exceeded: 'true' } : {}) },
  );
}

function keyList(product: MeteredProduct, { app, keys }: NonNullable<Status['appKeys']>): XmlElement {
  const listed = keys.slice(0, MAX_LISTED_KEYS).map((id) => element('key', null, { id }));
  return element('app_keys', listed, { app, svc: product.id });
}

/** The metrics that are limited, with those that add to them. */
function hierarchy({ product, readings }: Status): XmlElement {
  const limited = new Set(readings.map((reading) => reading.metric));
  return element(
    'hierarchy',
    [...limited].map((metric) => {
      const children = product.metrics.filter((other) => other.ancestors[0] === metric);
      return element('metric', null, {
        name: metric.systemName,
        children: children.map((child) => child.systemName).join(' '),
      });
    }),
  );
}

/** `2024-03-09 00:00:00 +0000` */
function spaced(at: EpochMs): string {
  return `${formatRfc3339Utc(at, 'never').slice(0, -1).replace('T', ' ')} +0000`;
}
