// vitest's global set-up: tests that start a whole server start dist/tallyhouse.js, so it must be of these sources.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

export function setup() {
  // Packages are installed, or vitest would not run; replacing them under its feet would break it.
  const env = { ...process.env, SKIP_INSTALL: '1' };
  const { status } = spawnSync(join(root, 'tallyhouse'), ['build'], { env, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status === 0) return;
  // Tests without a server can still tell something; those with one must not run against yesterday's.
  rmSync(join(root, 'dist/tallyhouse.js'), { force: true });
  console.error('tests that start a server will fail: dist/tallyhouse.js could not be built');
}
