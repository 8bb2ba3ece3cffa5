import type { Access } from '../../../access/access.ts';
import type { Directory } from '../../../directory/directory.ts';
import type { MeteredProduct } from '../../../directory/meters.ts';
import { fail, ok, type Result } from '../../../domain/result.ts';
import { textOf, type ValueMap } from './nested.ts';
import {
  FORBIDDEN,
  KEY_OR_TOKEN_REQUIRED,
  keyInvalidOrServiceMissing,
  providerKeyInvalid,
  SERVICE_ID_MISSING,
  serviceIdInvalid,
  serviceTokenInvalid,
  troubled,
  type ServiceRefusal,
} from './refusals.ts';

type Found = Result<MeteredProduct, ServiceRefusal>;

export interface ProductParts {
  readonly access: Access;
  readonly directory: Directory;
}

/** The product a call is about, when its credentials open it: a provider key, or a service token with its service. */
export function calledProduct(parts: ProductParts, parameters: ValueMap): Found | Promise<Found> {
  const serviceId = textOf(parameters, 'service_id');
  const providerKey = textOf(parameters, 'provider_key');
  if (providerKey !== null) return byProviderKey(parts, providerKey, serviceId);
  const token = textOf(parameters, 'service_token');
  if (token === null) return fail(KEY_OR_TOKEN_REQUIRED);
  if (serviceId === null) return fail(SERVICE_ID_MISSING);
  return byServiceToken(parts, token, serviceId);
}

async function byProviderKey(
  { access, directory }: ProductParts,
  key: string,
  serviceId: string | null,
): Promise<Found> {
  const caller = await access.providerCredentials.authenticate(key, 'provider_key');
  const meters = await directory.meters();
  if (!caller.ok) {
    if (caller.problem.kind === 'not_permitted') return fail(FORBIDDEN);
    if (caller.problem.kind !== 'not_authenticated') return fail(troubled(caller.problem));
    if (serviceId === null) return fail(keyInvalidOrServiceMissing(key));
    return fail(meters.hasProduct(idOf(serviceId)) ? providerKeyInvalid(key) : serviceIdInvalid(serviceId));
  }
  const { organization } = caller.value;
  if (serviceId === null) {
    const product = meters.defaultProduct(organization);
    return product === null ? fail(keyInvalidOrServiceMissing(key)) : ok(product);
  }
  const product = meters.productById(organization, idOf(serviceId));
  return product === null ? fail(serviceIdInvalid(serviceId)) : ok(product);
}

async function byServiceToken({ access, directory }: ProductParts, token: string, serviceId: string): Promise<Found> {
  const opened = await access.serviceTokens.productOf(token);
  const meters = await directory.meters();
  const product =
    opened === null || opened.productId !== idOf(serviceId)
      ? null
      : meters.productById(opened.organization, opened.productId);
  if (product === null) return fail(serviceTokenInvalid(token, serviceId));
  const tenant = (await directory.organizations()).byId(product.organization);
  return tenant?.suspended === false ? ok(product) : fail(FORBIDDEN);
}

/** 0, which no product has, for a text that is no id. */
function idOf(text: string): number {
  return /^\d{1,15}$/.test(text) ? Number(text) : 0;
}
