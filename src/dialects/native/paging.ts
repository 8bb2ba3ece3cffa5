import Type from 'typebox';

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1_000;

/** Query parameter of every list. */
export const LimitQuery = {
  limit: Type.Optional(
    Type.String({
      pattern: '^([1-9][0-9]{0,2}|1000)$',
      description: `Entries of a page, 1 to ${MAX_LIMIT}, default ${DEFAULT_LIMIT}.`,
    }),
  ),
};

export function limitOf({ limit }: { readonly limit?: string }): number {
  return limit === undefined ? DEFAULT_LIMIT : Number(limit);
}
