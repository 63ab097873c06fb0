/**
 * Who may import whom. Types count as much as values. Tests may import anything.
 *
 * @type {import('dependency-cruiser').IConfiguration}
 */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'A cycle is one module in two files.',
      severity: 'error',
      from: { pathNot: '^schema/' },
      to: { circular: true },
    },
    {
      name: 'no-cycles-in-schema',
      comment: 'GraphQL types may name each other as types; values may not go round.',
      severity: 'error',
      from: { path: '^schema/' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'nothing-imports-gateway',
      comment: 'The composition root is the top of the house.',
      severity: 'error',
      from: { pathNot: '^(gateway|tests)/' },
      to: { path: '^gateway/' },
    },
    {
      name: 'nothing-imports-tests',
      severity: 'error',
      from: { pathNot: '^tests/' },
      to: { path: '^tests/' },
    },
    {
      name: 'sdk-stands-alone',
      comment: 'The contract imports nothing of ours.',
      severity: 'error',
      from: { path: '^plugins/sdk/' },
      to: { path: '^(core|schema|gateway|plugins/(?!sdk/))' },
    },
    {
      name: 'plugins-know-the-sdk-only',
      comment: 'A plugin of ours has what a third party has; venue and market-files are libraries.',
      severity: 'error',
      from: { path: '^plugins/([^/]+)/', pathNot: '^plugins/(sdk|broker-simulated|feed-[^/]+)/' },
      to: { path: '^(core|schema|gateway|plugins)/', pathNot: '^plugins/(sdk|$1)/' },
    },
    {
      name: 'simulated-broker-knows-sdk-and-venue',
      severity: 'error',
      from: { path: '^plugins/broker-simulated/' },
      to: { path: '^(core|schema|gateway|plugins)/', pathNot: '^plugins/(sdk|venue|broker-simulated)/' },
    },
    {
      name: 'feeds-know-sdk-and-market-files',
      severity: 'error',
      from: { path: '^plugins/(feed-[^/]+)/' },
      to: { path: '^(core|schema|gateway|plugins)/', pathNot: '^plugins/(sdk|market-files|$1)/' },
    },
    {
      name: 'core-knows-sdk-and-venue',
      severity: 'error',
      from: { path: '^core/' },
      to: { path: '^(schema|gateway|plugins)/', pathNot: '^plugins/(sdk|venue)/' },
    },
    {
      name: 'core-has-no-node',
      comment: 'The core has no clock, no randomness and no I/O of its own.',
      severity: 'error',
      from: { path: '^core/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'core-is-pure',
      comment: 'No GraphQL, HTTP or SQL in the core: packages that only compute are listed here.',
      severity: 'error',
      from: { path: '^core/' },
      to: {
        dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer'],
        path: 'node_modules/',
        pathNot: 'node_modules/(canonicalize|zod)/',
      },
    },
    {
      name: 'ports-for-runtime-and-identity',
      comment:
        'Only what runs the engine and strategies, and identity, reach the outside; the rest of core computes.',
      severity: 'error',
      from: { path: '^core/', pathNot: '^core/(runtime|strategies|identity|ports)/' },
      to: { path: '^core/ports/' },
    },
    {
      name: 'schema-knows-core-and-sdk',
      severity: 'error',
      from: { path: '^schema/' },
      to: { path: '^plugins/', pathNot: '^plugins/sdk/' },
    },
    {
      name: 'gateway-loads-plugins-by-name',
      comment:
        'First-party plugins take the path of third-party ones: import() by package name; venue and market-files are libraries.',
      severity: 'error',
      from: { path: '^gateway/' },
      to: { path: '^plugins/', pathNot: '^plugins/(sdk|venue|market-files)/' },
    },
    {
      name: 'no-dev-dependency-at-run-time',
      severity: 'error',
      from: { path: '^(core|schema|gateway|plugins)/' },
      to: {
        dependencyTypes: ['npm-dev'],
        dependencyTypesNot: ['type-only'],
        pathNot: 'node_modules/@types/',
      },
    },
    {
      name: 'resolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|coverage)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      conditionNames: ['omniquant:source', 'import', 'node', 'default', 'types'],
      exportsFields: ['exports'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json'],
    },
  },
};
