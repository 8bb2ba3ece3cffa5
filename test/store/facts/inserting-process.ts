import { openFacts } from '../../../src/store/facts/open-facts.ts';
import { payloadOf, rowsOf } from './inserting-batch.ts';

/** Writes batches for ever, saying on stdout what it begins and what was acknowledged, until it is killed. */
const [url = '', round = '0'] = process.argv.slice(2);
const facts = await openFacts(url);
for (let n = 0; ; n += 1) {
  const token = `${round}-${n}`;
  process.stdout.write(`begin ${token} ${n}\n`);
  await facts.insert('events', payloadOf(token, n), { token, rows: rowsOf(n) });
  process.stdout.write(`done ${token} ${n}\n`);
}
