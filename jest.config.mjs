import { swcOptions } from './swc.options.mjs';

/** @type {import('jest').Config} */
export default {
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/plugins/[^/]+/dist/', '<rootDir>/\\.'],
  // Those named *.long.test.ts run for minutes: `npm run test:long`. Those named *.fault.test.ts start several
  // gateways each and break what is around them: `npm run test:faults`, which CI runs, too.
  testMatch: ['<rootDir>/tests/**/*.test.ts', '!**/*.long.test.ts', '!**/*.fault.test.ts'],
  testEnvironment: 'node',
  // jest adds 'import' or 'require' itself; named here, 'import' would also apply to require().
  testEnvironmentOptions: { customExportConditions: ['omniquant:source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  moduleFileExtensions: ['ts', 'js', 'mjs', 'cjs', 'json', 'node'],
  transform: { '\\.ts$': ['@swc/jest', swcOptions] },
  globalSetup: '<rootDir>/tests/support/global-setup.ts',
  globalTeardown: '<rootDir>/tests/support/global-teardown.ts',
  // The first test that needs PostgreSQL starts it, on a machine that may be busy.
  testTimeout: 60_000,
  // Many tests wait for processes more than they compute.
  maxWorkers: 3,
  // Not v8: it was seen to report lines of functions that never ran as covered.
  coverageProvider: 'babel',
  collectCoverageFrom: ['{core,gateway,schema}/**/*.ts', 'plugins/*/src/**/*.ts', '!**/*.d.ts'],
  coverageReporters: ['text-summary', 'html', 'lcovonly', 'json-summary'],
  coverageThreshold: { global: { lines: 85 }, './core/': { lines: 90 } },
  reporters: ['default', '<rootDir>/tests/support/summary-line-reporter.mjs'],
};
