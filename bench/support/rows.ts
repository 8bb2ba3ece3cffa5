/** Rows as a busy API would send them: about 300 bytes each, values spread as in real logs. */
export function requestRow(n: number, withId: boolean): string {
  const service = ['cdn', 'cdn', 'cdn', 'cma', 'graphql', 'images', 'assets', 'thing'][n % 8];
  const second = String(Math.floor(n / 7) % 60).padStart(2, '0');
  const minute = String(Math.floor(n / 420) % 60).padStart(2, '0');
  const hour = String(Math.floor(n / 25_200) % 24).padStart(2, '0');
  return JSON.stringify({
    ...(withId ? { id: `r-${process.pid}-${n}` } : {}),
    time: `2026-11-20T${hour}:${minute}:${second}.${String(n % 1000).padStart(3, '0')}Z`,
    service,
    url: `https://www.example.org/${service}/articles/${(n * 7919) % 5000}?page=${n % 9}`,
    method: n % 10 === 0 ? 'POST' : 'GET',
    status: n % 40 === 0 ? 404 : 200,
    bytes: 300 + ((n * 104_729) % 60_000),
    cache: n % 8 < 3 ? 'HIT' : 'MISS',
    sdk: 'delivery-js/4.2.0',
    device: 'Chrome on Android',
    user: `u${(n * 31) % 10_000}`,
    duration_ms: (n * 17) % 400,
    country: 'US',
  });
}

export function* requestRows(from: number, count: number, withId = false): Generator<string> {
  for (let n = from; n < from + count; n += 1) yield requestRow(n, withId);
}
