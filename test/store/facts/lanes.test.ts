import { expect, test } from 'vitest';
import type { Lane } from '../../../src/store/facts/engine.ts';
import { Lanes } from '../../../src/store/facts/lanes.ts';

/** Lanes that only count themselves. */
function counted(size: number, maxWaiting = 10) {
  const seen = { opened: 0, closed: 0, fails: false };
  const open = (): Lane => {
    if (seen.fails) throw new Error('no more sessions');
    seen.opened += 1;
    const never = async (): Promise<never> => {
      throw new Error('not used');
    };
    return { answer: never, stream: never, insert: never, load: never, close: async () => void (seen.closed += 1) };
  };
  return { seen, lanes: new Lanes({ name: 'queries', size, maxWaiting, open }) };
}

test('a lane that is given back is lent again', async () => {
  const { seen, lanes } = counted(1);
  const first = await lanes.borrow();
  first.giveBack();
  const second = await lanes.borrow();
  expect(second.lane).toBe(first.lane);
  expect(seen).toMatchObject({ opened: 1, closed: 0 });
});

test('a lane that is discarded is closed and never lent again', async () => {
  const { seen, lanes } = counted(1);
  const first = await lanes.borrow();
  const waiting = lanes.borrow();
  first.discard();
  expect((await waiting).lane).not.toBe(first.lane);
  expect(seen).toMatchObject({ opened: 2, closed: 1 });
});

test('a loan ends once', async () => {
  const { lanes } = counted(1);
  const first = await lanes.borrow();
  first.giveBack();
  first.discard();
  first.giveBack();
  expect(lanes.stats).toEqual({ running: 0, waiting: 0 });
  await lanes.borrow();
  expect(lanes.stats).toEqual({ running: 1, waiting: 0 });
});

test('waiting is first come first served', async () => {
  const { lanes } = counted(1);
  const first = await lanes.borrow();
  const order: number[] = [];
  const later = [1, 2, 3].map(async (n) => {
    const loan = await lanes.borrow();
    order.push(n);
    loan.giveBack();
  });
  first.giveBack();
  await Promise.all(later);
  expect(order).toEqual([1, 2, 3]);
});

test('an engine that opens no session fails that loan and the next works again', async () => {
  const { seen, lanes } = counted(1);
  seen.fails = true;
  await expect(lanes.borrow()).rejects.toThrow('no more sessions');
  expect(lanes.stats).toEqual({ running: 0, waiting: 0 });
  seen.fails = false;
  const first = await lanes.borrow();
  const waiting = lanes.borrow();
  const alsoWaiting = lanes.borrow();
  seen.fails = true;
  first.discard();
  await expect(waiting).rejects.toMatchObject({ kind: 'unavailable' });
  await expect(alsoWaiting).rejects.toMatchObject({ kind: 'unavailable' });
  expect(lanes.stats).toEqual({ running: 0, waiting: 0 });
});

test('close refuses who waits, waits for who runs, and closes the lanes', async () => {
  const { seen, lanes } = counted(2);
  const [first, second] = [await lanes.borrow(), await lanes.borrow()];
  const waiting = lanes.borrow();
  const refused = expect(waiting).rejects.toMatchObject({ kind: 'unavailable' });
  first.giveBack();
  (await waiting.catch(() => null))?.giveBack();
  let closed = false;
  const closing = lanes.close().then(() => (closed = true));
  await Promise.resolve();
  expect(closed).toBe(false);
  second.giveBack();
  await closing;
  expect(seen.closed).toBe(seen.opened);
  await expect(lanes.borrow()).rejects.toMatchObject({ kind: 'unavailable' });
  await refused.catch(() => {});
});
