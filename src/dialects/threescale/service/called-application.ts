import type { MeteredApplication, MeteredApplications } from '../../../directory/metered-applications.ts';
import type { MeteredProduct } from '../../../directory/meters.ts';
import { fail, ok, type Result } from '../../../domain/result.ts';
import { applicationNotFound, BOTH_NAMES, userKeyInvalid, type ServiceRefusal } from './refusals.ts';

/** As a call or a transaction names its application. */
export interface SentNames {
  readonly appId: string | null;
  readonly userKey: string | null;
}

/** Products of version 1 know their applications by user key, the others by app id; neither takes the other's. */
export async function calledApplication(
  applications: MeteredApplications,
  product: MeteredProduct,
  { appId, userKey }: SentNames,
): Promise<Result<MeteredApplication, ServiceRefusal>> {
  if (appId !== null && userKey !== null) return fail(BOTH_NAMES);
  const byUserKey = product.backendVersion === '1';
  if (appId !== null) {
    const found = byUserKey ? null : await applications.find(product.organization, product.id, { appId });
    return found === null ? fail(applicationNotFound(appId)) : ok(found);
  }
  if (userKey !== null) {
    const found = byUserKey ? await applications.find(product.organization, product.id, { userKey }) : null;
    return found === null ? fail(userKeyInvalid(userKey)) : ok(found);
  }
  return fail(byUserKey ? userKeyInvalid('') : applicationNotFound(''));
}
