/** Internal number of an organization; facts carry it as their tenant column. Never shown on the wire. */
export type OrganizationId = number & { readonly __brand: 'organization' };

export function organizationId(value: number): OrganizationId {
  return value as OrganizationId;
}

/**
 * The facts a caller may read. Every question carries one, so no query can be written without deciding who asks.
 * The sets of finer grain narrow the organizations' rows further; absent means not narrowed.
 */
export interface Scope {
  /** `'all'` is the whole instance (TR50 `showAll`), never the default. An empty list reads nothing. */
  readonly organizations: readonly OrganizationId[] | 'all';
  /** Rows whose dimension has one of these values, e.g. `{ app: ['5f00…'] }` or `{ deployment: ['7QX2B'] }`. */
  readonly only?: Readonly<Record<string, readonly (string | number)[]>>;
}
