import type { ProviderScope } from '../../../access/provider-credentials.ts';
import type { Format } from '../format/format.ts';

/** What every path of the Account Management API needs and offers. */
export const ACCOUNT_API: { readonly needs: readonly ProviderScope[]; readonly formats: readonly Format[] } = {
  needs: ['account_management'],
  formats: ['xml', 'json'],
};
