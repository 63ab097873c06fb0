import {
  defineStrategy,
  type OptimizerDefinition,
  place,
  type StrategyDefinition,
  T,
} from '@omniquant/plugin-sdk';

import { apply } from '../../core/engine/apply.ts';
import { createAccountState } from '../../core/engine/initial-state.ts';
import type { StrategyState } from '../../core/strategies/strategy-state.ts';
import { createTradingWorld, type GatewayProcess, type TradingWorld } from './trading-world.ts';

const MINUTE_MS = 60_000;

/** One order for each bar, named after it: whatever is repeated or skipped shows. */
export const orderEachBar: StrategyDefinition = defineStrategy({
  id: 'order-each-bar',
  description: 'Buys and sells one share in turn',
  config: T.Object({ warmup: T.Integer({ default: 0 }) }),
  inputs: ({ warmup }) => ({ warmup }),
  create() {
    let bars = 0;
    return {
      *onBar({ symbol, at }) {
        bars += 1;
        yield place({
          ...{ ref: `bar-${String(at)}`, symbol, quantity: '1' },
          side: bars % 2 === 1 ? 'BUY' : 'SELL',
        });
      },
      snapshot: () => bars,
      restore: (snapshot) => void (bars = Number(snapshot)),
    };
  },
});

export interface StrategyWorld extends TradingWorld {
  /** Starts a strategy on AAPL with bars of a minute, and lets it begin. */
  startStrategy(
    gateway: GatewayProcess,
    accountId: string,
    strategy: string,
    config?: Readonly<Record<string, string | number>>,
  ): Promise<string>;
  /** So many minutes pass with a quote in each of them; the market takes every order at once. */
  minutes(count: number, price?: (minute: number) => number): Promise<void>;
  /** As the journal has it. */
  strategy(accountId: string, strategyId: string): StrategyState;
  /** Names of the orders that a strategy has had committed, oldest first. */
  refs(accountId: string, strategyId: string): readonly string[];
}

/** Plugins come and go as the lists are changed. */
export async function createStrategyWorld(
  strategies: readonly StrategyDefinition[],
  optimizers: readonly OptimizerDefinition[] = [],
): Promise<StrategyWorld> {
  const world = createTradingWorld(strategies, optimizers);
  const { clock, venue } = world;
  await clock.advance(MINUTE_MS - (clock.now() % MINUTE_MS));
  let started = 0;
  let passed = 0;

  function fillAll(): void {
    for (const [id, { status, terms, filled }] of venue.orders) {
      const isUntouched = status === 'WORKING' && filled === 0n;
      if (isUntouched && terms.type === 'MARKET') venue.fill(id, terms.quantity ?? '0', '190');
    }
  }

  return {
    ...world,
    async startStrategy(gateway, accountId, strategy, config = {}) {
      const strategyId = `strategy-${String((started += 1))}`;
      const terms = {
        ...{ strategyId, strategy, config, symbols: ['AAPL'], seed: 'test' },
        interval: 'MINUTE_1',
      } as const;
      await world.run(gateway.runtime.execute(accountId, { kind: 'startStrategy', terms }, world.meta()));
      await clock.advance(100);
      return strategyId;
    },
    async minutes(count, price = () => 190) {
      for (let minute = 0; minute < count; minute += 1) {
        const text = price(passed).toFixed(2);
        passed += 1;
        const at = clock.now() - (clock.now() % MINUTE_MS);
        for (let quarter = 0; quarter < 4; quarter += 1) {
          venue.quote('AAPL', text, text);
          await clock.advance(MINUTE_MS / 4);
          fillAll();
        }
        const values = { open: text, high: text, low: text, close: text, volume: '1' };
        venue.bars.push({ symbol: 'AAPL', interval: 'MINUTE_1', at, isClosed: true, ...values });
        await clock.advance(0);
      }
    },
    strategy(accountId, strategyId) {
      const state = createAccountState(accountId);
      for (const event of world.events(accountId)) apply(state, event);
      const strategy = state.strategies.get(strategyId);
      if (strategy === undefined) throw new Error(`there is no strategy ${strategyId}`);
      return strategy;
    },
    refs: (accountId, strategyId) =>
      world
        .events(accountId)
        .flatMap(({ event }) =>
          event.type === 'STRATEGY_STEPPED' && event.strategyId === strategyId
            ? event.refs.map(([, ref]) => ref)
            : [],
        ),
  };
}
