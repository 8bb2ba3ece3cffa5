import type { App } from '../../app.ts';
import type { Batch, Entry } from '../../ingest/batch.ts';
import type { Fact } from '../../ingest/fact.ts';
import { demoSeries, type DemoOrganizations } from './demo-facts.ts';

const FACTS_PER_BATCH = 5_000;

/** Sends the demo's facts the way every fact goes, and waits until they can be read. Returns how many there are. */
export async function loadDemo(app: App, organization: DemoOrganizations): Promise<number> {
  let total = 0;
  for (const series of demoSeries(app.clock.now(), organization, await app.directory.apps())) {
    for (const facts of batchesOf(series.facts)) {
      const entries: Entry[] = facts.map((fact) => ({
        organization: series.organization,
        stream: fact.stream,
        facts: [fact],
      }));
      const batch: Batch = { source: 'demo', entries };
      const result = await app.ingest.accept(batch);
      if (!result.ok) throw new Error(`the demo data was refused: ${JSON.stringify(result.problem)}`);
      total += facts.length;
    }
  }
  await app.ingest.barrier();
  return total;
}

function* batchesOf(facts: Iterable<Fact>): Generator<Fact[]> {
  let batch: Fact[] = [];
  for (const fact of facts) {
    batch.push(fact);
    if (batch.length < FACTS_PER_BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
