import { type Static, T } from '@omniquant/plugin-sdk';

export const config = T.Object(
  {
    method: T.Union([T.Literal('fixed'), T.Literal('optimizer')], {
      default: 'optimizer',
      description: 'Where the weights come from: `weights`, or an optimizer that computes them from closes',
    }),
    weights: T.Record(T.String(), T.Number({ minimum: 0, maximum: 1 }), {
      default: {},
      description: 'Share of each symbol (fixed): 0.25 is 25 %; symbols that are not named have none',
    }),
    optimizer: T.String({
      minLength: 1,
      maxLength: 64,
      default: 'equal-weight',
      description: 'Id of the optimizer (optimizer), of any plugin that the gateway has',
    }),
    optimizerConfig: T.Record(T.String(), T.Unknown(), {
      default: {},
      description: 'Parameters of the optimizer; its defaults for what is left out',
    }),
    minWeight: T.Number({
      minimum: 0,
      maximum: 1,
      default: 0,
      description: 'Least weight of each symbol (optimizer)',
    }),
    maxWeight: T.Number({
      minimum: 0,
      maximum: 1,
      default: 1,
      description: 'Most weight of each symbol (optimizer); what is left over stays in cash',
    }),
    everyBars: T.Integer({
      minimum: 1,
      maximum: 100_000,
      default: 20,
      description: 'Bars from one rebalance to the next',
    }),
    driftBand: T.Number({
      minimum: 0,
      maximum: 1,
      default: 0,
      description: 'Rebalances at once when a weight is off by more: 0.05 is 5 points; 0 for no such rule',
    }),
    cashBuffer: T.Number({
      minimum: 0,
      maximum: 0.9,
      default: 0.02,
      description: 'Share of the portfolio that stays in cash, for fees and prices that move',
    }),
    minTrade: T.Number({
      minimum: 0,
      maximum: 1e12,
      default: 0,
      description: 'Trades of less value are left out, in the currency of the instruments',
    }),
  },
  { additionalProperties: false },
);

export type Config = Static<typeof config>;
