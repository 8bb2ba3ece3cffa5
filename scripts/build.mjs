// Builds dist/ from src/ in a second or two:
//
//   dist/tallyhouse.js              src/main.ts with all it imports, and dist/tallyhouse.js.map beside it
//   dist/assets/                    the files of every src/**/assets/, so that the same
//                                   new URL('./assets/<file>', import.meta.url) finds them in src/ and in the bundle
//   dist/capture/                   src/capture as a package of its own, for other applications: ES module, CommonJS, types
//   dist/THIRD-PARTY-NOTICES.txt    the licences of the packages inside the bundle
//   dist/.built                     as old as the beginning of this build, for ./tallyhouse to compare with the sources
import { mkdirSync, readFileSync, readdirSync, renameSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import ts from 'typescript';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = join(root, 'dist');
const entry = 'src/main.ts';

/** Native code finds its binary beside its own files; redis and chdb are loaded only when configured. */
const NOT_BUNDLED = ['chdb', '@photostructure/sqlite', '@node-rs/argon2', 'redis', 'pg-native'];

/** What CommonJS packages expect to find, given to them inside an ES module. */
const BANNER = `import { createRequire as __createRequire } from 'node:module';
import { fileURLToPath as __fileURLToPath } from 'node:url';
const require = __createRequire(import.meta.url);
const __filename = __fileURLToPath(import.meta.url);
const __dirname = __fileURLToPath(new URL('.', import.meta.url));`;

/** Puts a file in place in one step: a server that is starting right now reads the old one or the new one. */
function write(path, content, mode = 0o644) {
  const target = join(dist, path);
  const temporary = `${target}.${process.pid}.tmp`;
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(temporary, content, { mode });
  renameSync(temporary, target);
}

async function bundle() {
  const shebang = readFileSync(join(root, entry), 'utf8').startsWith('#!') ? '' : '#!/usr/bin/env node\n';
  const result = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile: join(dist, 'tallyhouse.js'),
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    external: NOT_BUNDLED,
    banner: { js: `${shebang}${BANNER}` },
    // Not linked: Node would read it at every start. Names are kept as they are, so stack traces read well without.
    sourcemap: 'external',
    sourcesContent: false,
    legalComments: 'none',
    logLevel: 'warning',
  });
  for (const file of result.outputFiles) {
    write(relative(dist, file.path), file.contents, file.path.endsWith('.js') ? 0o755 : 0o644);
  }
  return Object.keys(result.metafile.inputs);
}

/** The licence texts of every package that one of the bundled files belongs to. */
function notices(inputs) {
  const folders = new Set();
  for (const input of inputs) {
    const inside = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (inside) folders.add(inside[1]);
  }
  const parts = [];
  for (const folder of [...folders].sort()) {
    const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
    const texts = readdirSync(join(root, folder))
      .filter((file) => /^(licen[cs]e|notice|copying)/i.test(file))
      .map((file) => readFileSync(join(root, folder, file), 'utf8').trim());
    parts.push([`${name} ${version} (${license})`, ...texts].join('\n\n'));
  }
  return `${parts.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}

/** Complete without the rest of dist, so that an application need not install a server. */
async function bundleCapture() {
  const folder = 'src/capture';
  for (const [format, file] of [
    ['esm', 'index.js'],
    ['cjs', 'index.cjs'],
  ]) {
    const result = await build({
      absWorkingDir: root,
      entryPoints: [`${folder}/index.ts`],
      bundle: true,
      write: false,
      platform: 'node',
      format,
      target: 'node18',
      logLevel: 'warning',
    });
    write(join('capture', file), result.outputFiles[0].contents);
  }
  for (const file of ['index.ts', 'capture.ts', 'express.ts', 'fastify.ts', 'options.ts']) {
    const source = readFileSync(join(root, folder, file), 'utf8');
    const { outputText, diagnostics } = ts.transpileDeclaration(source, {
      fileName: file,
      compilerOptions: { isolatedDeclarations: true, removeComments: false },
    });
    if (diagnostics.length > 0) throw new Error(ts.formatDiagnostics(diagnostics, DIAGNOSTICS_HOST));
    write(join('capture', file.replace(/\.ts$/, '.d.ts')), outputText.replaceAll(/(from '\.[^']*)\.ts'/g, "$1.js'"));
  }
  const { version, license } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const description = {
    name: 'tallyhouse-capture',
    version,
    description: 'Sends what an Express or Fastify application answers to a Tallyhouse server',
    license,
    type: 'module',
    exports: { '.': { types: './index.d.ts', require: './index.cjs', default: './index.js' } },
    engines: { node: '>=18.17' },
  };
  write('capture/package.json', `${JSON.stringify(description, null, 2)}\n`);
  write('capture/LICENSE', readFileSync(join(root, 'LICENSE')));
}

const DIAGNOSTICS_HOST = {
  getCanonicalFileName: (name) => name,
  getCurrentDirectory: () => root,
  getNewLine: () => '\n',
};

function copySourceAssets() {
  const origin = new Map();
  for (const file of readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })) {
    const path = relative(root, join(file.parentPath, file.name));
    const [, inside] = path.split(`${sep}assets${sep}`);
    if (!file.isFile() || inside === undefined) continue;
    if (origin.has(inside)) throw new Error(`${path} and ${origin.get(inside)} would be one file in dist: rename one`);
    origin.set(inside, path);
    write(join('assets', inside), readFileSync(join(root, path)));
  }
}

const began = new Date();
try {
  const inputs = await bundle();
  await bundleCapture();
  write('THIRD-PARTY-NOTICES.txt', notices(inputs));
  copySourceAssets();
  write('.built', '');
  utimesSync(join(dist, '.built'), began, began);
} catch (error) {
  // esbuild has printed its own errors, with the place, before it throws.
  if (error.errors === undefined) console.error(error);
  process.exitCode = 1;
}
