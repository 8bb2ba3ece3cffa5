// Who may import whom: the layers of the design, each broken rule an error.
//
//   dialects -> queries, ingest, directory, access, metering, jobs, reports -> store -> domain
//
// A new folder under src/ needs a line in LAYERS, which is a decision worth an ADR.

/** For each folder of src/: the folders it may import besides itself, and why no others. */
const LAYERS = {
  domain: {
    may: [],
    why: 'Words and rules are pure: they must not know how facts are kept or asked for. Hand the value in instead.',
  },
  config: {
    may: ['domain'],
    why: 'Configuration is one value read at start; it knows the words of the domain and no part it configures.',
  },
  store: {
    may: ['domain'],
    why: 'A store takes its options as plain values and speaks domain types; whoever needs more sits above it.',
  },
  queries: {
    may: ['store', 'domain'],
    why: 'A question is asked of the store in domain words. If it must know the caller, a field of Question is missing.',
  },
  ingest: {
    may: ['store', 'domain'],
    why: 'Writing knows facts and the two stores. What it must look up first is looked up by the dialect.',
  },
  backup: {
    may: ['ingest', 'store', 'domain'],
    why: 'A backup copies both stores at a moment in which ingest stands still; what is in them is not its business.',
  },
  control: {
    may: ['ingest', 'store', 'domain'],
    why: 'What a server tells commands on its machine; HTTP for the world outside is a dialect.',
  },
  doctor: {
    may: ['control', 'backup', 'ingest', 'config', 'store', 'domain'],
    why: 'Checks look at the stores and the settings, never at what a dialect makes of them.',
  },
  directory: {
    may: ['store', 'domain'],
    why: 'What is configured stands below those who use it.',
  },
  access: {
    may: ['directory', 'store', 'domain'],
    why: 'Access turns credentials into a scope; it neither asks questions nor writes facts.',
  },
  metering: {
    may: ['ingest', 'directory', 'store', 'domain'],
    why: "Metering turns usage into entries of ingest; how a caller says what it used is the dialect's business.",
  },
  reports: {
    may: ['queries', 'directory', 'store', 'domain'],
    why: 'A report composes answers of queries; the wire form of its caller is not its business.',
  },
  jobs: {
    may: ['queries', 'reports', 'store', 'domain'],
    why: 'A job is a question answered later; its kinds are handed to it, not imported from dialects.',
  },
  capture: {
    may: [],
    why: 'It is bundled for other applications: whatever it imports goes into their processes.',
  },
  http: {
    may: ['config', 'domain'],
    why: 'Shared plumbing knows no dialect and no store: take what it needs as a parameter, from app.ts.',
  },
  dialects: {
    may: ['http', 'queries', 'ingest', 'directory', 'access', 'metering', 'jobs', 'reports', 'config', 'domain'],
    why: 'A dialect translates; it reaches the stores only through a use case. Move the store access into one.',
  },
};
const folders = Object.keys(LAYERS).join('|');

/** Packages that exactly one place may know, so that they can be replaced there. */
const OWNED_PACKAGES = [
  {
    name: 'only-domain-time-knows-temporal',
    packages: 'temporal-polyfill',
    owner: 'src/domain/time/',
    why: 'Calendar arithmetic is decided once. Add the function you need to src/domain/time and call it.',
  },
  {
    name: 'only-store-facts-knows-clickhouse',
    packages: '@clickhouse/[^/]+|@chdb/[^/]+|chdb',
    owner: 'src/store/facts/',
    why: 'One code path serves chDB and ClickHouse. Use the interface of src/store/facts.',
  },
  {
    name: 'only-store-records-knows-sql-drivers',
    packages: 'kysely|pg|@types/pg|pg-native|@photostructure/sqlite',
    owner: 'src/store/records/',
    why: 'Use what src/store/records exports (its transaction type and sql tag included).',
  },
  {
    name: 'only-http-and-dialects-know-fastify',
    packages: 'fastify|@fastify/[^/]+',
    owner: 'src/(http|dialects)/|src/app\\.ts$',
    why: 'Use cases speak domain types. Read the request in the dialect and pass values.',
  },
];

export default {
  forbidden: [
    ...Object.entries(LAYERS).map(([folder, { may, why }]) => ({
      name: `layer-${folder}`,
      comment: `${why} May import: ${may.join(', ') || 'nothing of ours'}.`,
      severity: 'error',
      from: { path: `^src/${folder}/` },
      to: { path: '^src/', pathNot: `^src/(${[folder, ...may].join('|')})/` },
    })),
    ...['from', 'to'].map((side) => ({
      name: `layer-unknown-${side}`,
      comment:
        'A folder or file directly under src/ that no layer names: only main.ts, app.ts and version.ts stand ' +
        'beside the layers. ' +
        'Put it into a layer, or add one to LAYERS in .dependency-cruiser.mjs with its ADR.',
      severity: 'error',
      from: {},
      to: {},
      [side]: { path: '^src/', pathNot: `^src/((${folders}|cli)/|(main|app|version)\\.ts$)` },
    })),
    {
      name: 'layer-app',
      comment: 'app.ts wires the layers; it is used by main.ts and the commands, not the other way round.',
      severity: 'error',
      from: { path: '^src/app\\.ts$' },
      to: { path: '^src/(cli/|main\\.ts$)' },
    },
    {
      name: 'no-dialect-imports-another',
      comment:
        'Dialects stay independent, so that one can be switched off or added as a folder and a line. What two of them ' +
        'need belongs to a use case, to domain, or to src/http.',
      severity: 'error',
      from: { path: '^src/dialects/([^/]+)/' },
      to: { path: '^src/dialects/[^/]+/', pathNot: '^src/dialects/$1/' },
    },
    {
      name: 'dialects-do-not-know-the-registry',
      comment: 'The registry lists the dialects for app.ts; a dialect that reads it knows its siblings.',
      severity: 'error',
      from: { path: '^src/dialects/[^/]+/' },
      to: { path: '^src/dialects/registry\\.ts$' },
    },
    {
      name: 'stores-stay-apart',
      comment: 'Each store is chosen by its own URL and replaced alone. What both need belongs to domain.',
      severity: 'error',
      from: { path: '^src/store/([^/]+)/' },
      to: { path: '^src/store/[^/]+/', pathNot: '^src/store/$1/' },
    },
    {
      name: 'dashboard-sees-the-wire-only',
      comment: 'The dashboard is a client: it shares the types of the native wire and nothing else of the server.',
      severity: 'error',
      from: { path: '^dashboard/' },
      to: { path: '^src/', pathNot: '^src/dialects/native/wire\\.ts$' },
    },
    {
      name: 'server-does-not-import-outward',
      comment: 'The server is built from src/ alone; move what it needs there.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|bench|scripts|dashboard)/' },
    },
    ...OWNED_PACKAGES.map(({ name, packages, owner, why }) => ({
      name,
      comment: why,
      severity: 'error',
      from: { path: '^(src|dashboard)/', pathNot: `^(${owner})` },
      to: { path: `(^|/)node_modules/(${packages})(/|$)` },
    })),
    {
      name: 'only-store-records-knows-node-sqlite',
      comment: 'Use what src/store/records exports.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/store/records/' },
      to: { path: '^(node:)?sqlite$' },
    },
    {
      name: 'no-circular',
      comment: 'Files that need each other are one thing or miss a third one below both: merge or extract.',
      severity: 'error',
      from: { path: '^(src|dashboard|test|bench)/' },
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      comment: 'Nobody imports this file and it imports nobody: delete it or use it.',
      severity: 'error',
      from: {
        orphan: true,
        path: '^(src|dashboard|test|bench)/',
        pathNot: '^src/main\\.ts$|\\.test\\.tsx?$|\\.d\\.ts$|\\.config\\.ts$|^bench/[^/]+\\.ts$|/assets/',
      },
      to: {},
    },
    ...['from', 'to'].map((side) => ({
      name: `name-says-content-${side}`,
      comment: 'utils, common, helpers, shared and lib say nothing: name the file or folder by what it holds.',
      severity: 'error',
      from: {},
      to: {},
      [side]: { path: '/(utils?|common|helpers?|shared|lib)(/|\\.[jt]sx?$)', pathNot: 'node_modules/' },
    })),
    {
      name: 'no-dev-packages-in-the-server',
      comment: 'An install without dev packages must run: move the package to dependencies, or do without.',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-unresolvable',
      comment: 'This import leads nowhere: correct the path, or add the package to package.json.',
      severity: 'error',
      from: {},
      // Built in from Node 22 on; loaded only where it exists.
      to: { couldNotResolve: true, pathNot: '^node:sqlite$' },
    },
    {
      name: 'no-deprecated-node-modules',
      comment: 'Node has deprecated this module: use its successor.',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['core'], path: '^(node:)?(punycode|domain|constants|sys|_linklist|_stream_wrap)$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
    // An import of a type is a dependency of thought all the same.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'require', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'],
    },
  },
};
