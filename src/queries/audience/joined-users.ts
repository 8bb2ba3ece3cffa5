/** Which ids stand for another: `from[i]` is counted as `to[i]`. Ids that stand for themselves are not listed. */
export interface UserLinks {
  readonly from: readonly bigint[];
  readonly to: readonly bigint[];
}

/**
 * One id for everybody who is connected, however long the chain. Which one of them does not matter, but it is the same
 * for the same pairs: the smallest.
 */
export function joined(pairs: readonly (readonly [number | bigint, number | bigint])[]): UserLinks {
  const parents = new Map<bigint, bigint>();
  const root = (id: bigint): bigint => {
    let top = id;
    for (let next = parents.get(top); next !== undefined; next = parents.get(top)) top = next;
    // Whoever comes this way again goes straight up.
    let each = id;
    for (let next = parents.get(each); next !== undefined && next !== top; next = parents.get(each)) {
      parents.set(each, top);
      each = next;
    }
    return top;
  };
  for (const [first, second] of pairs) {
    const a = root(BigInt(first));
    const b = root(BigInt(second));
    if (a < b) parents.set(b, a);
    else if (b < a) parents.set(a, b);
  }
  const from = [...parents.keys()];
  return { from, to: from.map(root) };
}
