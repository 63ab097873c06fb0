import { swcOptions } from './swc.options.mjs';

/** @type {import('jest').Config} */
export default {
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/plugins/[^/]+/dist/', '<rootDir>/\\.'],
  // Those named *.long.test.ts run for minutes: `npm run test:long`. Those named *.fault.test.ts start several
  // gateways each and break what is around them, or take half a minute: `npm run test:faults`, which CI runs, too.
  testMatch: ['<rootDir>/tests/**/*.test.ts', '!**/*.long.test.ts', '!**/*.fault.test.ts'],
  testEnvironment: 'node',
  // jest adds 'import' or 'require' itself; named here, 'import' would also apply to require().
  testEnvironmentOptions: { customExportConditions: ['omniquant:source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  moduleFileExtensions: ['ts', 'js', 'mjs', 'cjs', 'json', 'node'],
  transform: { '\\.ts$': ['<rootDir>/tests/support/instrumentation/transformer.mjs', swcOptions] },
  globalSetup: '<rootDir>/tests/support/global-setup.ts',
  globalTeardown: '<rootDir>/tests/support/global-teardown.ts',
  // The first test that needs PostgreSQL starts it, on a machine that may be busy.
  testTimeout: 60_000,
  testSequencer: '<rootDir>/tests/support/long-tests-first.mjs',
  // Many tests wait for processes more than they compute.
  maxWorkers: 3,
  // Not v8: it was seen to report lines of functions that never ran as covered.
  coverageProvider: 'babel',
  collectCoverageFrom: ['{core,gateway,schema}/**/*.ts', 'plugins/*/src/**/*.ts', '!**/*.d.ts'],
  // Of each run a part; tests/coverage-report.mjs puts the parts together and asks for what there must be.
  coverageReporters: ['json'],
  reporters: [
    'default',
    '<rootDir>/tests/support/instrumentation/coverage-reporter.mjs',
    '<rootDir>/tests/support/summary-line-reporter.mjs',
  ],
};
