import { describe, expect, it } from '@jest/globals';
import {
  type ApprovedOrder,
  type Broker,
  type Context,
  defineBroker,
  defineNotifier,
  definePlugin,
  defineStrategy,
  type OrderTerms,
  place,
  T,
} from '@omniquant/plugin-sdk';

/*
 * What authors of plugins must not be able to write. Each line below `@ts-expect-error` has to fail to
 * compile: should one ever compile, `npm run typecheck` fails here. The functions are never called.
 */

const unused = (..._values: readonly unknown[]): undefined => undefined;

const config = T.Object({ fast: T.Integer({ default: 10 }), name: T.Optional(T.String()) });

export const configIsInferred = defineStrategy({
  ...{ id: 'inferred', description: 'Its config has the types of its schema', config },
  create({ fast, name }) {
    const doubled: number = fast * 2;
    const shown: string = name ?? String(doubled);
    // @ts-expect-error -- fast is a number.
    const wrong: string = fast;
    // @ts-expect-error -- The schema has no such parameter.
    const missing = (options: { readonly fast: number }): unknown => options.slow;
    return { onStart: () => unused(shown, wrong, missing) };
  },
});

export const strategiesHaveNoIo = defineStrategy({
  ...{
    id: 'no-io',
    description: 'Strategies have a clock and chance, and nothing else',
    config: T.Object({}),
  },
  create(_config, ctx) {
    const instant: number = ctx.now() + ctx.random();
    // @ts-expect-error -- A strategy has no network.
    const fetched: unknown = ctx.fetch;
    // @ts-expect-error -- A strategy has no credentials.
    const secret: unknown = ctx.secret;
    return { onStart: () => unused(instant, fetched, secret) };
  },
});

export const viewsAreReadOnly = defineStrategy({
  ...{ id: 'read-only', description: 'A strategy looks and does not touch', config: T.Object({}) },
  create: () => ({
    *onBar(bar, { portfolio }) {
      // @ts-expect-error -- A bar is what it was.
      bar.close = 1;
      // @ts-expect-error -- Cash is the account's.
      portfolio.cash = 1_000_000;
      // @ts-expect-error -- Money is never a float: quantities are decimal strings.
      yield place({ symbol: bar.symbol, side: 'BUY', quantity: 1 });
      // @ts-expect-error -- There are two sides.
      yield place({ symbol: bar.symbol, side: 'HOLD', quantity: '1' });
    },
  }),
});

export const withoutPermissions = (ctx: Context): readonly unknown[] => [
  ctx.log,
  // @ts-expect-error -- `network` was not asked for.
  ctx.fetch,
  // @ts-expect-error -- `secrets` was not asked for.
  ctx.secret,
  // @ts-expect-error -- `storage` was not asked for.
  ctx.storage,
];

export const withPermissions = (ctx: Context<'network' | 'secrets'>): readonly unknown[] => [
  ctx.fetch,
  ctx.secret,
  // @ts-expect-error -- `storage` was not asked for.
  ctx.storage,
];

export const notifierWithNetwork = defineNotifier({
  ...{ id: 'with-network', description: 'Has what it asks for', config: T.Object({}) },
  permissions: ['network'],
  async connect(_config, ctx) {
    await ctx.fetch('http://127.0.0.1:1');
    // @ts-expect-error -- `secrets` was not asked for.
    const secret: unknown = ctx.secret;
    throw new Error('it is never called', { cause: secret });
  },
});

export const brokersTakeApprovedOrders = async (
  broker: Broker,
  terms: OrderTerms,
  order: ApprovedOrder,
): Promise<void> => {
  const { signal } = new AbortController();
  await broker.submit(order, signal);
  const forged = { ...terms, account: 'a', venueOrderId: 'v', traceparent: null };
  // @ts-expect-error -- Only the gateway's risk module makes an approved order.
  await broker.submit(forged, signal);
};

export const brokerNeedsAll = defineBroker({
  ...{ id: 'half', description: 'Half a broker', config: T.Object({}) },
  // @ts-expect-error -- A broker has more to do than to submit.
  connect: () => Promise.resolve({ submit: () => Promise.resolve({ kind: 'notSent', reason: 'no' }) }),
});

describe('the types of the contract', () => {
  it('let a plugin hold extensions of all kinds', () => {
    const plugin = definePlugin({
      ...{ name: 'all', version: '1.0.0', api: '^0.1.0' },
      extensions: [configIsInferred, notifierWithNetwork, brokerNeedsAll],
    });
    expect(plugin.extensions.map(({ kind }) => kind)).toEqual(['strategy', 'notifier', 'broker']);
  });
});
