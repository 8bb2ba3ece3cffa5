/** The n-th batch of the kill test, the same every time: small and large ones, every third over four years. */
export function rowsOf(n: number): number {
  return [1, 40, 3_000][n % 3] ?? 1;
}

export function payloadOf(token: string, n: number): string {
  const lines = Array.from({ length: rowsOf(n) }, (_, row) => {
    const time = 1_600_000_000_000 + row * 60_000 + (n % 3 === 2 ? (row % 4) * 31_557_600_000 : 0);
    return `{"organization":1,"time":${time},"app":"app","key":"${token}","count":2,"device":"d${row}"}\n`;
  });
  return lines.join('');
}
