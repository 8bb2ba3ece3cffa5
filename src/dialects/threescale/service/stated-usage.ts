import type { MeteredMetric, MeteredProduct } from '../../../directory/meters.ts';
import { fail, ok, type Result } from '../../../domain/result.ts';
import type { MeteredUse } from '../../../metering/charges.ts';
import type { Value, ValueMap } from './nested.ts';
import { metricInvalid, usageValueInvalid, type ServiceRefusal } from './refusals.ts';

/** `usage[METRIC]=N` (contract 5.2). Metrics are looked at before values (appendix B 10). */
export function statedUsage(product: MeteredProduct, usage: ValueMap): Result<readonly MeteredUse[], ServiceRefusal> {
  const stated: { readonly metric: MeteredMetric; readonly name: string; readonly value: Value }[] = [];
  for (const [key, value] of usage) {
    const name = key.trim();
    const metric = product.metric(name);
    if (metric === null) return fail(metricInvalid(name));
    stated.push({ metric, name, value });
  }
  const uses = new Map<number, MeteredUse>();
  for (const { metric, name, value } of stated) {
    const amount = typeof value === 'string' ? amountOf(value) : null;
    if (amount === null) return fail(usageValueInvalid(name, typeof value === 'string' ? value : null));
    uses.set(metric.id, { metric, amount });
  }
  return ok([...uses.values()]);
}

function amountOf(text: string): number | null {
  if (!/^\s*\d+\s*$/.test(text)) return null;
  const amount = Number(text);
  return Number.isSafeInteger(amount) ? amount : null;
}

/** `log[code]`, when it has three digits; anything else is ignored. */
export function statedCode(log: Value | undefined): number | null {
  const code = log instanceof Map ? log.get('code') : undefined;
  return typeof code === 'string' && /^[1-9]\d\d$/.test(code.trim()) ? Number(code) : null;
}
