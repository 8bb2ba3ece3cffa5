// Completes package-lock.json, or with --check says what it lacks.
//
//   node scripts/complete-lock.mjs            writes the file
//   node scripts/complete-lock.mjs --check    changes nothing, exit 1 when something is wrong
//
// Run it after every change of dependencies. Reasons:
// - npm leaves an optional platform package (a binary for another system) out of the lock when its registry cannot
//   serve it at that moment, and `npm ci` then refuses the lock. We add such entries from what their parent declares;
//   npm does not fetch them on other systems, and on their own system it finds them by name and version.
// - A lock must not tie an install to the registry somebody happened to use: only the public address may be recorded.
// - Install scripts are never run (`--ignore-scripts`), so a package that brings one must be known by name: it is
//   listed as false under `allowScripts` in package.json once somebody has seen that it works without.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const lockFile = join(root, 'package-lock.json');
const PUBLIC_REGISTRY = 'https://registry.npmjs.org/';

const SYSTEMS = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
/** A processor as package names spell it, and as npm's `cpu` field does. Longer spellings first. */
const PROCESSORS = [
  ['arm-gnueabihf', 'arm'],
  ['arm-musleabihf', 'arm'],
  ['arm-eabi', 'arm'],
  ['loong64', 'loong64'],
  ['mips64el', 'mips64el'],
  ['riscv64', 'riscv64'],
  ['wasm32', 'wasm32'],
  ['ppc64', 'ppc64'],
  ['s390x', 's390x'],
  ['arm64', 'arm64'],
  ['ia32', 'ia32'],
  ['x64', 'x64'],
  ['arm', 'arm'],
];

/** What npm must know to leave the package alone elsewhere, read off its name; undefined when the name says nothing. */
function platformOf(name) {
  const words = name.slice(name.lastIndexOf('/') + 1);
  const os = SYSTEMS.find((system) => words.includes(system));
  const cpu = PROCESSORS.find(([spelling]) => words.includes(spelling))?.[1];
  if (os === undefined && cpu !== 'wasm32') return undefined;
  const libc = words.includes('musl') ? 'musl' : os === 'linux' && words.includes('gnu') ? 'glibc' : undefined;
  return {
    os: os === undefined ? undefined : [os],
    cpu: cpu === undefined ? undefined : [cpu],
    libc: libc === undefined ? undefined : [libc],
  };
}

/** The lock's entry that `name` means for the package at `where`: Node's own walk up the node_modules folders. */
function lookUp(packages, where, name) {
  for (let at = where; ;) {
    const found = packages[`${at === '' ? '' : `${at}/`}node_modules/${name}`];
    if (found !== undefined || at === '') return found;
    const end = at.lastIndexOf('/node_modules/');
    at = end < 0 ? '' : at.slice(0, end);
  }
}

/** Adds the missing platform packages to `packages`; returns what it added and what it could not. */
function complete(packages) {
  const added = [];
  const problems = [];
  for (const [where, parent] of Object.entries({ ...packages })) {
    for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
      const present = lookUp(packages, where, name);
      const exact = /^\d+\.\d+\.\d+[^ |]*$/.test(version);
      if (present !== undefined && (!exact || present.version === version)) continue;
      const platform = platformOf(name);
      if (!exact || platform === undefined) {
        problems.push(`${where} wants ${name}@${version}, which is missing and cannot be completed from its name`);
        continue;
      }
      const top = `node_modules/${name}`;
      const place = packages[top] === undefined ? top : `${where}/node_modules/${name}`;
      // In npm's own order of fields, so that npm has nothing to rewrite; undefined ones vanish in JSON.
      const { cpu, libc, os } = platform;
      packages[place] = { version, cpu, dev: parent.dev, devOptional: parent.devOptional, libc, optional: true, os };
      added.push(`${place}@${version}`);
    }
  }
  return { added, problems };
}

const text = readFileSync(lockFile, 'utf8');
const lock = JSON.parse(text);
const reviewed = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).allowScripts ?? {};
const { added, problems } = complete(lock.packages);

for (const [where, entry] of Object.entries(lock.packages)) {
  if (entry.resolved !== undefined && !entry.link && !entry.resolved.startsWith(PUBLIC_REGISTRY))
    problems.push(`${where} is resolved from ${new URL(entry.resolved).host}; remove its "resolved"`);
  const name = where.slice(where.lastIndexOf('node_modules/') + 'node_modules/'.length);
  if (entry.hasInstallScript && reviewed[name] !== false)
    problems.push(
      `${name} has an install script; see that it works without, then set allowScripts["${name}"] to false`,
    );
}

const sorted = Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en')); // npm's own order
lock.packages = Object.fromEntries(sorted);

for (const problem of problems) console.error(`package-lock.json: ${problem}`);
if (process.argv.includes('--check')) {
  for (const entry of added) console.error(`package-lock.json lacks ${entry}; run node scripts/complete-lock.mjs`);
  process.exitCode = problems.length + added.length > 0 ? 1 : 0;
} else {
  const indent = /^\{\n(\s+)/.exec(text)?.[1] ?? '  ';
  const completed = `${JSON.stringify(lock, null, indent)}\n`;
  if (completed !== text) writeFileSync(lockFile, completed);
  console.log(`package-lock.json: ${added.length} platform packages added`);
  process.exitCode = problems.length > 0 ? 1 : 0;
}
