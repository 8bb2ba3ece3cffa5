import type { Logger } from 'pino';
import { errorOf } from './problems.ts';
import type { OrganizationId } from '../../domain/scope.ts';
import type { EpochMs } from '../../domain/time/instant.ts';
import type { Entry } from '../../ingest/batch.ts';
import { fact } from '../../ingest/fact.ts';
import type { Ingest } from '../../ingest/ingest.ts';

/** The commands of one packet, to be counted as calls of their organization when the instance asks for it (5.5). */
export class Metering {
  readonly #calls = new Map<OrganizationId, Map<string, number>>();

  /** @param command its first dot-separated part is the service */
  add(organization: OrganizationId, command: string): void {
    const [service = ''] = command.split('.', 1);
    const services = this.#calls.get(organization) ?? new Map<string, number>();
    this.#calls.set(organization, services);
    services.set(service, (services.get(service) ?? 0) + 1);
  }

  /**
   * Stores one row for each service. A packet is not refused because its own calls cannot be counted.
   *
   * @param caller columns that tell who called
   */
  async store(
    ingest: Ingest,
    at: EpochMs,
    caller: { readonly user?: string; readonly thing?: string; readonly ip?: string },
    log: Logger,
  ): Promise<void> {
    const entries = [...this.#calls].flatMap(([organization, services]) =>
      [...services].map(([service, count]): Entry => {
        const row = fact('requests', organization, at, { service, count, ...caller });
        return { organization, stream: 'requests', facts: [row] };
      }),
    );
    if (entries.length === 0) return;
    const stored = await ingest.accept({ source: 'tr50', entries });
    if (!stored.ok) log.warn({ problem: errorOf(stored.problem).message }, 'own calls were not counted');
  }
}
