/** Lets work on one thing take place one after the other, in the order in which it came. */
export class Turns {
  readonly #last = new WeakMap<object, Promise<unknown>>();

  async take<T>(thing: object, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(thing);
    const mine = (async () => {
      // How the one before ended is its caller's business.
      await before?.catch(() => undefined);
      return work();
    })();
    this.#last.set(thing, mine);
    return mine;
  }
}
