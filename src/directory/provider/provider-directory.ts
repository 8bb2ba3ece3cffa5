import type { OrganizationId } from '../../domain/scope.ts';
import type { Records } from '../../store/records/records.ts';
import type { Sealing } from '../secrets/sealing.ts';
import { accountOfUser, findAccount, listAccounts, listUsers, type Account, type AccountUser } from './accounts.ts';
import {
  findApplication,
  listApplications,
  loadApplications,
  type Application,
  type ApplicationFilter,
  type ApplicationName,
} from './applications.ts';
import type { PageAsked, PageFound } from './page.ts';
import { listLimits, listPlans, type Plan, type PlanLimit } from './plans.ts';
import { findProduct, listMetrics, listProducts, type Metric, type Product } from './products.ts';
import { listServiceTokens } from './service-tokens.ts';

/**
 * What an API provider has configured, read from the store at each call: lists of a tenant can be long. Every call names
 * the tenant, and what belongs to another is not there. All lists are in the order of ids.
 */
export interface ProviderDirectory {
  applications(
    organization: OrganizationId,
    filter: ApplicationFilter,
    page: PageAsked,
  ): Promise<PageFound<Application>>;
  /** Those of the ids that there are. */
  applicationsById(organization: OrganizationId, ids: readonly number[]): Promise<readonly Application[]>;
  application(organization: OrganizationId, by: ApplicationName, product?: number): Promise<Application | null>;
  accounts(
    organization: OrganizationId,
    filter: { readonly state: string | null },
    page: PageAsked,
  ): Promise<PageFound<Account>>;
  account(organization: OrganizationId, id: number): Promise<Account | null>;
  accountOfUser(
    organization: OrganizationId,
    by: { readonly username: string } | { readonly id: number } | { readonly email: string },
  ): Promise<Account | null>;
  users(
    organization: OrganizationId,
    accounts: readonly number[],
    filter?: { readonly state: string | null; readonly role: string | null },
  ): Promise<readonly AccountUser[]>;
  products(organization: OrganizationId, page: PageAsked): Promise<PageFound<Product>>;
  product(organization: OrganizationId, id: number): Promise<Product | null>;
  /** In the clear. */
  serviceTokens(organization: OrganizationId, product: number): Promise<readonly string[]>;
  metrics(organization: OrganizationId, products: readonly number[]): Promise<readonly Metric[]>;
  plans(
    organization: OrganizationId,
    only?: { readonly product?: number; readonly ids?: readonly number[] },
  ): Promise<readonly Plan[]>;
  limits(
    organization: OrganizationId,
    of: { readonly plan: number; readonly metric?: number },
    page: PageAsked | null,
  ): Promise<PageFound<PlanLimit>>;
}

export function createProviderDirectory({
  records,
  sealing,
}: {
  readonly records: Records;
  readonly sealing: Sealing;
}): ProviderDirectory {
  const { db } = records;
  const reads = { db, sealing };
  return {
    applications: (organization, filter, page) => listApplications(reads, organization, filter, page),
    applicationsById: (organization, ids) => loadApplications(reads, organization, ids),
    application: (organization, by, product) => findApplication(reads, organization, by, product),
    accounts: (organization, filter, page) => listAccounts(db, organization, filter, page),
    account: (organization, id) => findAccount(db, organization, id),
    accountOfUser: (organization, by) => accountOfUser(db, organization, by),
    users: (organization, accounts, filter) => listUsers(db, organization, accounts, filter),
    products: (organization, page) => listProducts(db, organization, page),
    product: (organization, id) => findProduct(db, organization, id),
    serviceTokens: (organization, product) => listServiceTokens(reads, organization, product),
    metrics: (organization, products) => listMetrics(db, organization, products),
    plans: (organization, only) => listPlans(db, organization, only),
    limits: (organization, of, page) => listLimits(db, organization, of, page),
  };
}
