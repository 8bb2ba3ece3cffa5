// The programs of the operating system that the tests drive: the real PostgreSQL, Redis, Chromium, OpenSSL, Python and Ruby.
// As root on Debian and its relatives they are installed from there when absent; elsewhere their absence is reported.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const POLICY = '/usr/sbin/policy-rc.d';

function inPath(...names) {
  const folders = (process.env.PATH ?? '').split(delimiter).concat('/usr/sbin', '/usr/local/sbin');
  return names.some((name) => folders.some((folder) => isExecutable(join(folder, name))));
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Debian keeps the server's programs out of PATH, one folder a version. */
function hasPostgres() {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian) : [];
  return inPath('postgres') || versions.some((version) => isExecutable(join(debian, version, 'bin/postgres')));
}

function hasPythonRequests() {
  return inPath('python3') && spawnSync('python3', ['-c', 'import requests']).status === 0;
}

function hasRubyGem(name) {
  return inPath('ruby') && spawnSync('ruby', ['-e', `require "${name}"`]).status === 0;
}

const NEEDED = [
  { package: 'postgresql', what: 'PostgreSQL 15 or newer', present: hasPostgres },
  { package: 'redis-server', what: 'Redis', present: () => inPath('redis-server') },
  { package: 'chromium', what: 'Chromium', present: () => inPath('chromium', 'chromium-browser', 'google-chrome') },
  { package: 'openssl', what: 'OpenSSL', present: () => inPath('openssl') },
  { package: 'python3-requests', what: 'requests for Python 3', present: hasPythonRequests },
  { package: 'ruby', what: 'Ruby', present: () => inPath('ruby') },
  { package: 'ruby-rest-client', what: 'rest-client for Ruby', present: () => hasRubyGem('rest-client') },
  { package: 'ruby-nokogiri', what: 'nokogiri for Ruby', present: () => hasRubyGem('nokogiri') },
];

const missing = () => NEEDED.filter(({ present }) => !present());

function apt(...args) {
  const patience = ['-o', 'Acquire::Retries=3', '-o', 'DPkg::Lock::Timeout=120'];
  const { status, error, stdout, stderr } = spawnSync('apt-get', [...patience, ...args], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
  });
  return status === 0 ? '' : `apt-get ${args.join(' ')}: ${error ?? `${stdout}${stderr}`}\n`;
}

/** The tests start clusters of their own: a service started by the installation would only hold ports and memory. */
function withoutStartingServices(work) {
  if (existsSync(POLICY)) return work();
  writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    return work();
  } finally {
    rmSync(POLICY, { force: true });
  }
}

/** Installs what is absent, where that can be done. Returns what is wrong, or '' when the tests have all they need. */
export function provideSystemPackages() {
  const absent = missing();
  if (absent.length === 0) return '';
  let trouble = '';
  if (process.getuid?.() === 0 && inPath('apt-get')) {
    const names = absent.map((need) => need.package);
    console.log(`installing ${names.join(', ')} ...`);
    trouble = apt('update', '-q');
    trouble += withoutStartingServices(() => apt('install', '-y', '-q', '--no-install-recommends', ...names));
  }
  const still = missing();
  if (still.length === 0) return '';
  const list = still.map((need) => `${need.what} (Debian package ${need.package})`).join(', ');
  return `${trouble}missing: ${list}; install it, or run the tests as root on Debian`;
}
