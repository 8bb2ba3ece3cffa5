import { account, accountUser } from './accounts.ts';
import { application, appKey, referrerFilter } from './applications.ts';
import { app, appMember } from './apps.ts';
import { array, deployment, deploymentPermission, device } from './deployments.ts';
import { appToken, nativeKey } from './keys.ts';
import type { Kind } from './kind.ts';
import { member } from './members.ts';
import { oauthClient } from './oauth-clients.ts';
import { organization } from './organizations.ts';
import { plan, planLimit } from './plans.ts';
import { method, metric, product, serviceToken } from './products.ts';
import { accessToken, provider } from './provider.ts';
import { stack } from './stacks.ts';
import { user } from './users.ts';

/** Every kind of entry, each after those it stands in or refers to: the order in which they are applied. */
export const KINDS: readonly Kind[] = [
  user,
  organization,
  member,
  nativeKey,
  appToken,
  stack,
  provider,
  accessToken,
  product,
  serviceToken,
  metric,
  method,
  plan,
  planLimit,
  account,
  accountUser,
  application,
  appKey,
  referrerFilter,
  app,
  appMember,
  deployment,
  deploymentPermission,
  array,
  device,
  oauthClient,
];

const byName: ReadonlyMap<string, Kind> = new Map(KINDS.map((kind) => [kind.name, kind]));

export function kindNamed(name: string): Kind {
  const kind = byName.get(name);
  if (kind === undefined) throw new Error(`no kind "${name}" in the directory`);
  return kind;
}

/** The kinds listed in entries of `kind`; with null those at the top of the file. */
export function kindsUnder(kind: Kind | null): readonly Kind[] {
  return KINDS.filter((candidate) => candidate.under === (kind?.name ?? null));
}
