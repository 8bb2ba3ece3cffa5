/** An error as the server words it: `Code: N. DB::Exception: … (NAME) (version …)`. */
export class BridgeException extends Error {
  readonly code: number;
  readonly text: string;
  readonly status: number;

  constructor(code: number, name: string, message: string) {
    super(message);
    this.code = code;
    const named = message.includes(`(${name})`) ? message : `${message} (${name})`;
    this.text = `${named} (version 26.7.2.1 (official build))\n`;
    this.status = STATUS.get(code) ?? 500;
  }
}

/** From the server's `exceptionCodeToHTTPStatus`, as far as the tests come across it. */
const STATUS: ReadonlyMap<number, number> = new Map([
  [27, 400],
  [41, 400],
  [47, 404],
  [60, 404],
  [62, 400],
  [72, 400],
  [81, 404],
  [117, 400],
  [457, 400],
  [202, 503],
  [516, 403],
  [159, 408],
]);

export function exceptionOf(error: unknown): BridgeException {
  if (error instanceof BridgeException) return error;
  const message = error instanceof Error ? error.message : String(error);
  const code = Number(/Code: (\d+)/.exec(message)?.[1] ?? 1002);
  const name = [...message.matchAll(/\(([A-Z][A-Z0-9_]{3,})\)/g)].at(-1)?.[1] ?? 'UNKNOWN_EXCEPTION';
  return new BridgeException(code, name, message.trim());
}
