import type { MeteredProduct } from '../directory/meters.ts';
import { fail, ok, type Result } from '../domain/result.ts';
import type { OrganizationId } from '../domain/scope.ts';
import type { Clock } from '../domain/time/clock.ts';
import type { EpochMs } from '../domain/time/instant.ts';
import { RecordsError } from '../store/records/records-error.ts';
import type { Records, RecordsTransaction } from '../store/records/records.ts';

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

interface Waiting {
  readonly row: { readonly organization_id: number; readonly product_id: number; readonly at: EpochMs } & Pick<
    IntegrationError,
    'code' | 'message'
  >;
  readonly resolve: (result: Result<null>) => void;
  readonly reject: (error: unknown) => void;
}

export class IntegrationErrors {
  readonly #records: Records;
  readonly #clock: Clock;
  #waiting: Waiting[] = [];
  #running = false;

  constructor(records: Records, clock: Clock) {
    this.#records = records;
    this.#clock = clock;
  }

  /**
   * Resolves when it is on disk. A gateway that is set up wrongly sends many: those that come while one transaction runs
   * share the next. Problems: `records_unavailable`, `overloaded`.
   */
  keep(product: MeteredProduct, error: Pick<IntegrationError, 'code' | 'message'>): Promise<Result<null>> {
    const row = {
      organization_id: product.organization,
      product_id: product.id,
      code: error.code,
      message: storable(error.message),
      at: this.#clock.now(),
    };
    return new Promise((resolve, reject) => {
      this.#waiting.push({ row, resolve, reject });
      if (!this.#running) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#running = true;
    while (this.#waiting.length > 0) {
      const group = this.#waiting.splice(0, KEPT);
      try {
        await this.#records.transaction((tx) => write(tx, group));
        for (const { resolve } of group) resolve(ok(null));
      } catch (error) {
        const problem = error instanceof RecordsError ? error.problem : null;
        for (const { resolve, reject } of group) {
          if (problem === null) reject(error);
          else resolve(fail(problem));
        }
      }
    }
    this.#running = false;
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

async function write(tx: RecordsTransaction, group: readonly Waiting[]): Promise<void> {
  const rows = group.map(({ row }) => row);
  await tx.insertInto('integration_errors').values(rows).execute();
  const products = new Map(rows.map((row) => [`${row.organization_id} ${row.product_id}`, row]));
  for (const { organization_id, product_id } of products.values()) {
    const firstTooOld = tx
      .selectFrom('integration_errors')
      .select('id')
      .where('organization_id', '=', organization_id)
      .where('product_id', '=', product_id)
      .orderBy('id', 'desc')
      .limit(1)
      .offset(KEPT);
    await tx
      .deleteFrom('integration_errors')
      .where('organization_id', '=', organization_id)
      .where('product_id', '=', product_id)
      .where('id', '<=', firstTooOld)
      .execute();
  }
}

/** PostgreSQL takes no U+0000, and no half of a character. */
function storable(text: string): string {
  return text.slice(0, MAX_MESSAGE_LENGTH).replace(/[\0\p{Surrogate}]/gu, '\ufffd');
}
