import type { MeteredProduct } from '../directory/meters.ts';
import { fail, ok, type Result } from '../domain/result.ts';
import type { OrganizationId } from '../domain/scope.ts';
import type { Clock } from '../domain/time/clock.ts';
import type { EpochMs } from '../domain/time/instant.ts';
import { RecordsError } from '../store/records/records-error.ts';
import type { Records } from '../store/records/records.ts';

/** Why a report was dropped after it was answered with success (threescale.md 5.5). */
export interface IntegrationError {
  readonly code: string;
  readonly message: string;
  readonly at: EpochMs;
}

/** Of one product. */
const KEPT = 1_000;
/** The caller's own words may stand in it. */
const MAX_MESSAGE_LENGTH = 1_000;

export class IntegrationErrors {
  readonly #records: Records;
  readonly #clock: Clock;

  constructor(records: Records, clock: Clock) {
    this.#records = records;
    this.#clock = clock;
  }

  /** Problems: `records_unavailable`, `overloaded`. */
  async keep(
    product: MeteredProduct,
    { code, message }: Pick<IntegrationError, 'code' | 'message'>,
  ): Promise<Result<null>> {
    const of = { organization_id: product.organization, product_id: product.id };
    const row = { ...of, code, message: storable(message), at: this.#clock.now() };
    try {
      await this.#records.transaction(async (tx) => {
        await tx.insertInto('integration_errors').values(row).execute();
        const firstTooOld = tx
          .selectFrom('integration_errors')
          .select('id')
          .where('organization_id', '=', of.organization_id)
          .where('product_id', '=', of.product_id)
          .orderBy('id', 'desc')
          .limit(1)
          .offset(KEPT);
        await tx
          .deleteFrom('integration_errors')
          .where('organization_id', '=', of.organization_id)
          .where('product_id', '=', of.product_id)
          .where('id', '<=', firstTooOld)
          .execute();
      });
      return ok(null);
    } catch (error) {
      if (error instanceof RecordsError && error.problem !== null) return fail(error.problem);
      throw error;
    }
  }

  async list(organization: OrganizationId, productId: number): Promise<readonly IntegrationError[]> {
    return this.#records.db
      .selectFrom('integration_errors')
      .select(['code', 'message', 'at'])
      .where('organization_id', '=', organization)
      .where('product_id', '=', productId)
      .orderBy('id', 'desc')
      .limit(KEPT)
      .execute();
  }
}

/** PostgreSQL takes no U+0000, and no half of a character. */
function storable(text: string): string {
  return text.slice(0, MAX_MESSAGE_LENGTH).replace(/[\0\p{Surrogate}]/gu, '\ufffd');
}
