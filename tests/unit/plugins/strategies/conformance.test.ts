import { describe, it } from '@jest/globals';
import { strategyConformance, type StrategyConformanceOptions } from '@omniquant/plugin-sdk/testing';

import { STRATEGIES } from './strategies.ts';

/** Fewer than the kit's own: there are many strategies. */
const BARS = 120;

/** Where two symbols share the cash or a decision, or chance is drawn in order, one comes first. */
const SHARED: ReadonlySet<string> = new Set(['breakout', 'pairs', 'rebalance']);

describe.each(STRATEGIES)('$name', (one) => {
  const isExecution = one.name.startsWith('execution');
  const options: StrategyConformanceOptions = {
    ...{ config: one.config, symbols: one.symbols, interval: 'MINUTE_1', bars: BARS },
    optimizers: one.there ?? [],
    independentSymbols: !SHARED.has(one.name),
    ...(isExecution ? { onStop: { cancelsOrders: true } } : {}),
  };
  for (const { number, run, title } of strategyConformance(one.definition, options)) {
    it(`${number} ${title}`, run);
  }
});
