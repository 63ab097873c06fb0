import { type Static, T } from '@omniquant/plugin-sdk';

export const config = T.Object(
  {
    entryPeriod: T.Integer({
      minimum: 2,
      maximum: 500,
      default: 20,
      description: 'Bars of the channel whose breakout opens a position',
    }),
    exitPeriod: T.Integer({
      minimum: 1,
      maximum: 500,
      default: 10,
      description: 'Bars of the channel whose breakout on the other side closes it',
    }),
    atrPeriod: T.Integer({
      minimum: 1,
      maximum: 500,
      default: 20,
      description: 'Bars of the average true range',
    }),
    riskFraction: T.Number({
      minimum: 0.0001,
      maximum: 0.2,
      default: 0.01,
      description: 'Share of the equity that a trade loses when its stop is hit: 0.01 is 1 %',
    }),
    stopMultiple: T.Number({
      minimum: 0.1,
      maximum: 20,
      default: 2,
      description:
        'Average true ranges from the close of the entry bar to the stop; sizes also without a stop',
    }),
    stop: T.Union([T.Literal('none'), T.Literal('fixed'), T.Literal('trailing')], {
      default: 'fixed',
      description: 'Whether a stop order protects the position, and whether it follows the price',
    }),
    maxWeight: T.Number({
      minimum: 0.01,
      maximum: 10,
      default: 1,
      description: 'Most that a position may be worth, as a share of the equity',
    }),
    allowShort: T.Boolean({ default: false, description: 'Sell short on breakouts below the channel' }),
  },
  { additionalProperties: false },
);

export type Config = Static<typeof config>;
