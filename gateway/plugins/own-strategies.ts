/** Packages of the strategies that come with the gateway. */
export const OWN_STRATEGIES: readonly string[] = [
  '@omniquant/strategy-breakout',
  '@omniquant/strategy-execution',
  '@omniquant/strategy-mean-reversion',
  '@omniquant/strategy-pairs',
  '@omniquant/strategy-rebalance',
  '@omniquant/strategy-sma-cross',
];
