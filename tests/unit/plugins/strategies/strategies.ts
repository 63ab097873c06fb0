import { inverseVolatility } from '@omniquant/optimizer-inverse-volatility';
import type { Bar, OptimizerDefinition, StrategyDefinition } from '@omniquant/plugin-sdk';
import { Random } from '@omniquant/plugin-sdk/random';
import type { Optimizers } from '@omniquant/plugin-sdk/strategy-instance';
import { lentOptimizer } from '@omniquant/plugin-sdk/testing';
import { breakout } from '@omniquant/strategy-breakout';
import { execution } from '@omniquant/strategy-execution';
import { meanReversion } from '@omniquant/strategy-mean-reversion';
import { pairs } from '@omniquant/strategy-pairs';
import { rebalance } from '@omniquant/strategy-rebalance';
import { smaCross } from '@omniquant/strategy-sma-cross';

import { barOf, MINUTE } from './bars.ts';
import { Desk, type DeskOptions } from './desk.ts';

export interface StrategyCase {
  readonly name: string;
  readonly definition: StrategyDefinition;
  readonly config: Readonly<Record<string, unknown>>;
  readonly symbols: readonly string[];
  /** What it uses, by its names. */
  readonly optimizers?: Optimizers;
  /** The same as a gateway would find it. */
  readonly there?: readonly OptimizerDefinition[];
}

const caseOf = (
  name: string,
  definition: unknown,
  config: Readonly<Record<string, unknown>>,
  symbols: readonly string[] = ['A', 'B'],
): StrategyCase => ({ name, definition: definition as StrategyDefinition, config, symbols });

const riskBudget = inverseVolatility as unknown as OptimizerDefinition;

/** Every strategy of ours, with parameters under which it has much to do. */
export const STRATEGIES: readonly StrategyCase[] = [
  caseOf('sma-cross', smaCross, { fast: 2, slow: 5, quantity: '10', allowShort: true }),
  caseOf('mean-reversion, bollinger', meanReversion, {
    ...{ period: 5, deviations: 1, quantity: '10', allowShort: true },
    ...{ stopPercent: 1, maxHoldingBars: 4 },
  }),
  caseOf('mean-reversion, rsi', meanReversion, {
    ...{ signal: 'rsi', period: 3, quantity: '10', allowShort: true },
  }),
  caseOf('breakout', breakout, {
    ...{ entryPeriod: 4, exitPeriod: 2, atrPeriod: 3, allowShort: true, stop: 'trailing', maxWeight: 0.3 },
  }),
  caseOf('pairs', pairs, { period: 10, scorePeriod: 10, entry: 1, exit: 0.2, stop: 3, quantity: '20' }),
  {
    ...caseOf('rebalance', rebalance, {
      ...{ optimizer: 'inverse-volatility', optimizerConfig: { period: 3 }, everyBars: 3, driftBand: 0.05 },
    }),
    optimizers: new Map([['weights', await lentOptimizer(riskBudget, { period: 3 })]]),
    there: [riskBudget],
  },
  caseOf(
    'execution, twap',
    execution,
    {
      ...{ side: 'BUY', quantity: '500', durationSeconds: 3_600, slices: 20, jitter: 0.5 },
      ...{ atEnd: 'cross', settleSeconds: 120 },
    },
    ['A'],
  ),
  caseOf(
    'execution, vwap',
    execution,
    {
      ...{
        side: 'SELL',
        quantity: '500',
        durationSeconds: 3_600,
        slices: 20,
        method: 'vwap',
        profileBars: 30,
      },
      ...{ participation: 0.5, limitPrice: '95', settleSeconds: 120 },
    },
    ['A'],
  ),
];

/** Bars of several symbols that move together in part, now and then with one missing; seeded. */
export function marketOf(
  symbols: readonly string[],
  minutes: number,
  seed: string,
): readonly (readonly Bar[])[] {
  const random = Random.fromSeed('market', seed);
  const prices = symbols.map(() => 100);
  return Array.from({ length: minutes }, (_, minute) => {
    const common = random.fraction() - 0.5;
    return symbols.flatMap((symbol, index) => {
      const open = prices[index]!;
      const close = Math.max(5, open + 2 * common + 2 * (random.fraction() - 0.5) + (100 - open) * 0.02);
      prices[index] = close;
      const [high, low] = [
        Math.max(open, close) + random.fraction(),
        Math.min(open, close) - random.fraction(),
      ];
      const bar = barOf(symbol, minute * MINUTE, close, { open, high, low, volume: random.integer(0, 400) });
      return random.chance(0.03) ? [] : [bar];
    });
  });
}

/** What a venue may do to the open orders of a strategy between two inputs; seeded, within the rules of orders. */
export function disturb(desk: Desk, random: Random): void {
  for (const { cancelAsked, filledQuantity, quantity, ref, status } of desk.open()) {
    if (status === 'HELD') {
      const isProtecting = quantity !== '0' && random.chance(0.05);
      if (isProtecting) desk.status(ref, 'TRIGGERED');
      continue;
    }
    if (desk.orders.get(ref)?.status !== status) continue;
    const left = Number(quantity) - Number(filledQuantity);
    if (random.chance(0.05)) desk.status(ref, 'EXPIRED');
    else if (cancelAsked && random.chance(0.6)) desk.status(ref, 'CANCELED');
    else if (filledQuantity === '0' && random.chance(0.15)) {
      desk.status(ref, random.chance(0.5) ? 'REJECTED' : 'DENIED', 'by chance');
    } else if (random.chance(0.5)) desk.fill(ref);
    else if (left > 1 && random.chance(0.3)) desk.fill(ref, String(random.integer(1, Math.floor(left))));
    else if (random.chance(0.3)) desk.status(ref, 'WORKING');
  }
}

export interface TradeOptions extends Partial<DeskOptions> {
  readonly minutes?: number;
  readonly seed: string;
  /** Called after each minute. */
  readonly onMinute?: (desk: Desk) => void;
  readonly disturb?: (desk: Desk, random: Random) => void;
}

/** Runs a strategy on a random market with a random venue. */
export function trade(one: StrategyCase, options: TradeOptions): Desk {
  const { minutes = 120, onMinute, seed } = options;
  const desk = new Desk({ ...one, ...options });
  const random = Random.fromSeed('venue', seed);
  const market = marketOf(one.symbols, minutes, seed);
  desk.start(market.slice(0, desk.warmup).flat(), desk.warmup * MINUTE);
  for (const bars of market.slice(desk.warmup)) {
    for (const bar of bars) {
      desk.bar(bar);
      (options.disturb ?? disturb)(desk, random);
    }
    onMinute?.(desk);
  }
  return desk;
}
