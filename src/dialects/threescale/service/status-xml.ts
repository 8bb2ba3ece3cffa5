import type { MeteredProduct } from '../../../directory/meters.ts';
import type { EpochMs } from '../../../domain/time/instant.ts';
import { formatRfc3339Utc } from '../../../domain/time/rfc3339.ts';
import { periodEnd, periodStart, type Period } from '../../../domain/time/utc-periods.ts';
import type { LimitReading } from '../../../metering/metering.ts';
import { escapedAttribute, escapedText } from '../format/xml.ts';
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

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>';

/**
 * Elements in an order that clients rely on. Written by hand: every call gets one, and a builder takes several times as long.
 */
export function statusXml(status: Status): string {
  const { reason, client, readings, appKeys } = status;
  let xml = `${DECLARATION}<status><authorized>${reason === null}</authorized>`;
  if (reason !== null) xml += `<reason>${escapedText(reason.text)}</reason>`;
  if (client !== null) {
    xml += `<application>${leaf('id', client.id)}${leaf('key', client.key)}${leaf('redirect_url', client.redirectUrl)}</application>`;
  }
  xml += leaf('plan', status.planName);
  if (readings.length > 0) {
    xml += '<usage_reports>';
    for (const reading of readings) xml += usageReport(status, reading);
    xml += '</usage_reports>';
  }
  if (appKeys !== null) xml += keyList(status.product, appKeys);
  if (status.hierarchy) xml += hierarchy(status);
  return `${xml}</status>`;
}

function leaf(name: string, text: string): string {
  return text === '' ? `<${name}/>` : `<${name}>${escapedText(text)}</${name}>`;
}

/** What an application has used of a limit, with this call if it was counted. */
export function currentValue({ counted }: Pick<Status, 'counted'>, { stored, charge }: LimitReading): number {
  return counted ? stored + charge : stored;
}

function usageReport(status: Status, reading: LimitReading): string {
  const { metric, period, max, stored } = reading;
  return (
    `<usage_report metric="${escapedAttribute(metric.systemName)}" period="${period}"${stored > max ? ' exceeded="true"' : ''}>` +
    `${endsOf(period, status.at)}<max_value>${max}</max_value><current_value>${currentValue(status, reading)}</current_value></usage_report>`
  );
}

interface Ends {
  readonly start: EpochMs;
  readonly end: EpochMs;
  readonly xml: string;
}

/** Of each kind of period the one that was told last: nearly all calls are told of the same. */
const toldEnds = new Map<Period, Ends>();

function endsOf(period: Period, at: EpochMs): string {
  if (period === 'eternity') return '';
  const told = toldEnds.get(period);
  if (told !== undefined && told.start <= at && at < told.end) return told.xml;
  const start = periodStart(period, at);
  const end = periodEnd(period, at);
  const xml = `<period_start>${spaced(start)}</period_start><period_end>${spaced(end)}</period_end>`;
  toldEnds.set(period, { start, end, xml });
  return xml;
}

function keyList(product: MeteredProduct, { app, keys }: NonNullable<Status['appKeys']>): string {
  const listed = keys.slice(0, MAX_LISTED_KEYS).map((id) => `<key id="${escapedAttribute(id)}"/>`);
  return `<app_keys app="${escapedAttribute(app)}" svc="${product.id}">${listed.join('')}</app_keys>`;
}

/** The metrics that are limited, with those that add to them. */
function hierarchy({ product, readings }: Status): string {
  const limited = new Set(readings.map((reading) => reading.metric));
  if (limited.size === 0) return '<hierarchy/>';
  const metrics = [...limited].map((metric) => {
    const children = product.metrics.filter((other) => other.ancestors[0] === metric);
    const names = children.map((child) => child.systemName).join(' ');
    return `<metric name="${escapedAttribute(metric.systemName)}" children="${escapedAttribute(names)}"/>`;
  });
  return `<hierarchy>${metrics.join('')}</hierarchy>`;
}

/** `2024-03-09 00:00:00 +0000` */
function spaced(at: EpochMs): string {
  return `${formatRfc3339Utc(at, 'never').slice(0, -1).replace('T', ' ')} +0000`;
}
