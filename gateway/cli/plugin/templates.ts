/** What a template is filled in with. */
export interface TemplateValues {
  /** Of the package. */
  readonly name: string;
  /** Of its extension. */
  readonly id: string;
  readonly format: 'esm' | 'cjs';
  /** Folder of the SDK. */
  readonly sdk: string;
}

/** Texts by path. */
type Template = (values: TemplateValues) => Readonly<Record<string, string>>;

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

const manifest = ({ format, name, sdk }: TemplateValues, description: string): string =>
  json({
    name,
    version: '0.1.0',
    description,
    ...(format === 'esm' ? { type: 'module' } : {}),
    main: './dist/index.js',
    types: './dist/index.d.ts',
    files: ['dist', 'README.md'],
    scripts: { build: 'tsc', test: 'tsc && node --test "dist/**/*.test.js"', prepack: 'tsc' },
    peerDependencies: { '@omniquant/plugin-sdk': '^0.1.0' },
    devDependencies: {
      '@omniquant/plugin-sdk': `file:${sdk}`,
      '@types/node': '^24.0.0',
      typescript: '^5.9.0 || ^6.0.0',
    },
  });

const compiler = ({ format }: TemplateValues): string =>
  json({
    compilerOptions: {
      target: 'es2023',
      module: 'nodenext',
      ...(format === 'cjs' ? { moduleDetection: 'force' } : {}),
      strict: true,
      types: ['node'],
      declaration: true,
      rootDir: 'src',
      outDir: 'dist',
      skipLibCheck: true,
    },
    include: ['src'],
  });

const common = (values: TemplateValues, description: string) => ({
  'package.json': manifest(values, description),
  'tsconfig.json': compiler(values),
  '.gitignore': 'node_modules\ndist\n*.tgz\n',
});

const STRATEGY = (
  id: string,
): string => `import { defineStrategy, log, place, T } from '@omniquant/plugin-sdk';

/** Buys when the close is above its moving average, and sells when it is below. */
export const strategy = defineStrategy({
  id: '${id}',
  description: 'Follows a moving average',
  config: T.Object({
    period: T.Integer({ minimum: 2, maximum: 500, default: 20, description: 'Bars of the average' }),
    quantity: T.String({ pattern: '^\\\\d+(\\\\.\\\\d+)?$', default: '1', description: 'Units to hold' }),
  }),
  // As many bars of the past as the average needs come before the first that counts.
  inputs: ({ period }) => ({ warmup: period }),
  create({ period, quantity }) {
    const closes = new Map<string, number[]>();
    return {
      *onBar({ symbol, close }, { portfolio }) {
        const last = [...(closes.get(symbol) ?? []), close].slice(-period);
        closes.set(symbol, last);
        if (last.length < period || portfolio.orders.some((order) => order.symbol === symbol)) return;
        const average = last.reduce((sum, each) => sum + each, 0) / period;
        const held = portfolio.position(symbol);
        if (close > average && held <= 0) {
          yield log('INFO', 'above the average', { symbol, close, average });
          yield place({ symbol, side: 'BUY', quantity });
        }
        if (close < average && held > 0) {
          yield log('INFO', 'below the average', { symbol, close, average });
          yield place({ symbol, side: 'SELL', quantity });
        }
      },
      // What it needs to go on after a restart; the gateway keeps it together with its orders.
      snapshot: () => [...closes].map(([symbol, last]) => [symbol, last]),
      restore(snapshot) {
        for (const [symbol, last] of snapshot as unknown as [string, number[]][]) closes.set(symbol, last);
      },
    };
  },
});
`;

const index = (
  name: string,
  member: string,
  file: string,
): string => `import { definePlugin } from '@omniquant/plugin-sdk';

import { ${member} } from './${file}.js';

export { ${member} };

export default definePlugin({
  name: '${name}',
  version: '0.1.0',
  api: '^0.1.0',
  extensions: [${member}],
});
`;

const STRATEGY_TEST = `import assert from 'node:assert/strict';
import { test } from 'node:test';

import { barsOf, replay, strategyConformance } from '@omniquant/plugin-sdk/testing';

import { strategy } from './strategy.js';

test('buys above its average, and sells below it', async () => {
  const bars = barsOf([10, 10, 10, 13, 14, 14, 9, 8, 8], { symbol: 'AAPL' });
  const { fills } = await replay(strategy, bars, { config: { period: 3, quantity: '2' } });
  assert.deepEqual(fills.map(({ side }) => side), ['BUY', 'SELL']);
});

// What every strategy has to pass: that it is deterministic, goes on after a restart, does not look ahead, ...
for (const { number, title, run } of strategyConformance(strategy)) test(\`\${number} \${title}\`, run);
`;

const NOTIFIER = (id: string): string => `import { defineNotifier, T } from '@omniquant/plugin-sdk';

/** Posts each notification as JSON. */
export const notifier = defineNotifier({
  id: '${id}',
  description: 'Posts notifications to an address',
  config: T.Object({ url: T.String({ format: 'uri', description: 'Where notifications go' }) }),
  permissions: ['network'],
  connect({ url }, ctx) {
    return Promise.resolve({
      async notify(notification, signal) {
        const response = await ctx.fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(notification),
          signal,
        });
        if (!response.ok) throw new Error(\`the receiver answered \${String(response.status)}\`);
      },
      close: () => Promise.resolve(),
    });
  },
});
`;

const NOTIFIER_TEST = `import assert from 'node:assert/strict';
import { test } from 'node:test';

import { notifier } from './notifier.js';

test('posts what it is given', async () => {
  const posted: string[] = [];
  const connected = await notifier.connect(
    { url: 'http://127.0.0.1:9/alerts' },
    {
      log: console,
      signal: new AbortController().signal,
      now: () => 0,
      fetch: (url) => {
        posted.push(String(url));
        return Promise.resolve(new Response('{}'));
      },
    },
  );
  await connected.notify(
    {
      ...{ id: 'n-1', at: 0, severity: 'CRITICAL', code: 'DAILY_LOSS', title: 'Halted', message: 'Loss' },
      ...{ accountId: null, orderId: null, details: {} },
    },
    new AbortController().signal,
  );
  assert.deepEqual(posted, ['http://127.0.0.1:9/alerts']);
});
`;

const readme = ({ id, name }: TemplateValues, kind: string): string => `# ${name}

A ${kind} for OmniQuant: \`${id}\`.

    npm test     builds it and runs its tests
    npm pack     makes the package
`;

/** By kind of extension. */
export const TEMPLATES: Readonly<Record<string, Template | undefined>> = {
  strategy: (values) => ({
    ...common(values, 'A strategy for OmniQuant'),
    'README.md': readme(values, 'strategy'),
    'src/index.ts': index(values.name, 'strategy', 'strategy'),
    'src/strategy.ts': STRATEGY(values.id),
    'src/strategy.test.ts': STRATEGY_TEST,
  }),
  notifier: (values) => ({
    ...common(values, 'A notifier for OmniQuant'),
    'README.md': readme(values, 'notifier'),
    'src/index.ts': index(values.name, 'notifier', 'notifier'),
    'src/notifier.ts': NOTIFIER(values.id),
    'src/notifier.test.ts': NOTIFIER_TEST,
  }),
};
