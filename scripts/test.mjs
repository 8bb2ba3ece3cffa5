// Everything that CI checks, as `./tallyhouse test`; with arguments only vitest, which gets them.
//
// Every step runs, whatever became of those before it. The last line is `N passed, N failed`: a step counts one, and
// every test one; a skipped test has failed. The exit code is 0 only when nothing failed and some test passed.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { provideSystemPackages } from './system-packages.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const scripts = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).scripts;
/** A hanging suite must end as a failure with its output, not be cut off by whoever waits for it. */
const TESTS_MAY_TAKE_MS = 75 * 60_000;

/** Steps besides the tests: a name to print, and the script of package.json that does it. */
const CHECKS = [
  ['lock file', 'check:lock'],
  ['format', 'check:format'],
  ['lint', 'check:lint'],
  ['types', 'check:types'],
  ['layers', 'check:layers'],
  ['unused code', 'check:unused'],
  ['licences', 'check:licences'],
  ['build', 'check:build'],
];

const env = {
  ...process.env,
  PATH: `${join(root, 'node_modules/.bin')}${delimiter}${process.env.PATH}`,
  // A snapshot that is missing fails instead of being written; and a log file wants no colours.
  CI: 'true',
  ...(process.stdout.isTTY ? {} : { NO_COLOR: '1' }),
};
let running;

/** Runs a command in a process group of its own, so that it can be ended with all it started. */
function run(command, args, { capture, limitMs, ...more }) {
  return new Promise((resolve) => {
    const output = [];
    const sink = capture ? 'pipe' : 'inherit';
    const child = spawn(command, args, { cwd: root, env, detached: true, stdio: ['ignore', sink, sink], ...more });
    running = child;
    child.stdout?.on('data', (chunk) => output.push(chunk));
    child.stderr?.on('data', (chunk) => output.push(chunk));
    const limit = limitMs === undefined ? undefined : setTimeout(() => endGroup(child, 'SIGKILL'), limitMs);
    const done = (problem) => {
      clearTimeout(limit);
      resolve({ problem, output: Buffer.concat(output).toString() });
    };
    child.on('error', (error) => done(error.message));
    child.on('close', (code, signal) => done(code === 0 ? undefined : `ended with ${signal ?? `exit code ${code}`}`));
  });
}

function endGroup(child, signal) {
  try {
    process.kill(-child.pid, signal);
  } catch {
    // It has ended by itself.
  }
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    if (running) endGroup(running, signal);
    process.exit(128 + constants.signals[signal]);
  });
}

const tally = { passed: 0, failed: 0 };

function report(name, began, problem, output = '') {
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  tally[problem === undefined ? 'passed' : 'failed'] += 1;
  console.log(`${name.padEnd(16)} ${problem === undefined ? 'ok    ' : 'FAILED'} ${seconds.padStart(7)} s`);
  if (problem !== undefined) console.log(`${output.trimEnd()}\n${name}: ${problem}\n`);
}

async function check([name, script]) {
  const began = performance.now();
  const { problem, output } = await run(scripts[script], [], { capture: true, shell: true });
  report(name, began, problem, output);
}

async function tests(args) {
  const began = performance.now();
  const file = join(root, `.cache/tally-${process.pid}.json`);
  mkdirSync(dirname(file), { recursive: true });
  const reporters = ['--reporter=default', '--reporter=./scripts/tally-reporter.mjs'];
  const { problem } = await run('vitest', ['run', ...reporters, ...args], {
    env: { ...env, VITEST_TALLY_FILE: file },
    limitMs: TESTS_MAY_TAKE_MS,
  });
  let counted = { passed: 0, failures: [] };
  try {
    counted = JSON.parse(readFileSync(file, 'utf8'));
    rmSync(file);
  } catch {
    counted.failures.push('vitest gave no result');
  }
  if (counted.failures.length === 0 && counted.passed === 0) counted.failures.push('no test ran');
  if (counted.failures.length === 0 && problem !== undefined) counted.failures.push(`vitest ${problem}`);
  tally.passed += counted.passed;
  tally.failed += counted.failures.length;
  for (const failure of counted.failures) console.log(`FAILED ${failure}`);
  console.log(`${'tests'.padEnd(23)} ${((performance.now() - began) / 1000).toFixed(1).padStart(7)} s`);
}

const args = process.argv.slice(2);
const everything = args.length === 0;

const began = performance.now();
const missing = provideSystemPackages();
if (everything) report('system packages', began, missing === '' ? undefined : missing);
else if (missing !== '') console.error(missing);
if (everything) for (const step of CHECKS) await check(step);
await tests(args);

console.log(`${tally.passed} passed, ${tally.failed} failed`);
process.exitCode = tally.failed === 0 && tally.passed > 0 ? 0 : 1;
