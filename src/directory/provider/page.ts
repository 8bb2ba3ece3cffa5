/** Part of a list in the order of its ids. */
export interface PageAsked {
  /** From 1. */
  readonly page: number;
  readonly perPage: number;
}

export interface PageFound<T> {
  readonly items: readonly T[];
  /** Entries of the whole list. */
  readonly total: number;
}

/** How many entries come before the page; more than any list has where the product is not exact. */
export function offsetOf({ page, perPage }: PageAsked): number {
  return Math.min((page - 1) * perPage, Number.MAX_SAFE_INTEGER);
}
