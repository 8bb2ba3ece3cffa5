import { join, resolve } from 'node:path';

/** Name of the socket in the data directory. */
export const SOCKET_FILE = 'control.sock';

/** What the operating system takes for the name of a socket, in bytes, the zero at its end included. */
const LONGEST = process.platform === 'darwin' ? 104 : 108;

/** Where a server listens for commands on its machine; null when the name of the data directory is too long for that. */
export function controlSocket(dataDirectory: string): string | null {
  const path = join(resolve(dataDirectory), SOCKET_FILE);
  return Buffer.byteLength(path) < LONGEST ? path : null;
}
