import eslint from '@eslint/js';
import { defineConfig } from 'eslint/config';
import simpleImportSort from 'eslint-plugin-simple-import-sort';
import tseslint from 'typescript-eslint';

const ENVIRONMENT = [
  { object: 'process', property: 'env', message: 'Only gateway/config.ts reads the environment.' },
];
const TIME_AND_CHANCE = [
  { object: 'Date', property: 'now', message: 'Take the time from the event or the Clock port.' },
  { object: 'performance', property: 'now', message: 'Take the time from the event or the Clock port.' },
  { object: 'Math', property: 'random', message: 'Take chance from a seeded generator.' },
  { object: 'crypto', property: 'randomUUID', message: 'Take ids from the caller or a port.' },
];
const DETERMINISTIC_GLOBALS = [
  'globalThis',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'performance',
  'crypto',
  'process',
].map((name) => ({ name, message: 'The same input must give the same output: use a port.' }));
const DETERMINISTIC_SYNTAX = [
  {
    selector: 'NewExpression[callee.name="Date"][arguments.length=0]',
    message: 'Take the time from the event or the Clock port.',
  },
  {
    selector: 'CallExpression[callee.name="Date"]',
    message: 'Take the time from the event or the Clock port.',
  },
];
const PROCESS_MODULE = {
  name: 'node:process',
  message: 'Use the global; its env belongs to gateway/config.ts.',
};

export default defineConfig(
  { ignores: ['**/dist/', '**/coverage/', '.cache/', '.omniquant/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  eslint.configs.recommended,
  {
    plugins: { 'simple-import-sort': simpleImportSort },
    rules: {
      curly: ['error', 'multi-line'],
      eqeqeq: 'error',
      'max-lines': ['error', { max: 300, skipBlankLines: false, skipComments: false }],
      'no-console': 'error',
      'no-restricted-imports': ['error', PROCESS_MODULE],
      'no-restricted-properties': ['error', ...ENVIRONMENT],
      'object-shorthand': 'error',
      'prefer-const': 'error',
      'simple-import-sort/imports': 'error',
    },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    // One program for the whole repository; a file outside its folders is an error, not a slow path.
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/ban-ts-comment': ['error', { 'ts-expect-error': 'allow-with-description' }],
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidOperator: true },
      ],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/no-floating-promises': ['error', { ignoreVoid: true }],
      '@typescript-eslint/no-misused-promises': 'error',
      // With noUncheckedIndexedAccess the assertion is how numeric code says that an index is in range.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      // Naming a default argument can be the clearer thing to write.
      '@typescript-eslint/no-unnecessary-type-arguments': 'off',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: true },
      ],
    },
  },
  {
    // The core and the venue compute: no clock, no chance, no timers, no environment.
    files: ['core/**/*.ts', 'plugins/venue/**/*.ts'],
    rules: {
      'no-restricted-globals': ['error', ...DETERMINISTIC_GLOBALS],
      'no-restricted-properties': ['error', ...ENVIRONMENT, ...TIME_AND_CHANCE],
      'no-restricted-syntax': ['error', ...DETERMINISTIC_SYNTAX],
    },
  },
  {
    files: ['core/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ regex: '^node:', message: 'The core has no I/O of its own: use a port.' }] },
      ],
    },
  },
  {
    // Resolvers are classes of methods; input classes are filled in by type-graphql; object types are
    // shapes that records of the core are answered in, never constructed.
    files: ['schema/**/*.ts'],
    rules: {
      '@typescript-eslint/no-extraneous-class': 'off',
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
    },
  },
  {
    // This rule recurses without end on the type classes of graphql.
    files: ['gateway/server/graphql/**', 'tests/**/server/**'],
    rules: { '@typescript-eslint/no-unsafe-class-instance-assignment': 'off' },
  },
  {
    files: ['gateway/config.ts', 'tests/**', '*.mjs'],
    rules: { 'no-restricted-properties': 'off', 'no-restricted-imports': 'off' },
  },
  {
    files: ['tests/**'],
    rules: {
      'no-console': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    files: ['**/*.{js,mjs,cjs}'],
    languageOptions: {
      globals: { process: 'readonly', console: 'readonly', module: 'writable', URL: 'readonly' },
    },
    rules: { 'no-console': 'off' },
  },
);
