import { type Static, T } from '@omniquant/plugin-sdk';

export const config = T.Object(
  {
    signal: T.Union([T.Literal('bollinger'), T.Literal('rsi')], {
      default: 'bollinger',
      description: 'What says that a price is out of its range: Bollinger bands or the RSI',
    }),
    period: T.Integer({ minimum: 2, maximum: 500, default: 20, description: 'Bars of the bands or the RSI' }),
    deviations: T.Number({
      minimum: 0.1,
      maximum: 10,
      default: 2,
      description: 'Standard deviations from the middle to each band (bollinger)',
    }),
    oversold: T.Number({ minimum: 1, maximum: 49, default: 30, description: 'Buys below this RSI (rsi)' }),
    overbought: T.Number({
      minimum: 51,
      maximum: 99,
      default: 70,
      description: 'Sells short above this RSI (rsi with allowShort)',
    }),
    quantity: T.String({
      pattern: '^(0|[1-9]\\d{0,11})(\\.\\d{1,12})?$',
      default: '1',
      description: 'Units of each position, rounded down to whole lots',
    }),
    allowShort: T.Boolean({ default: false, description: 'Sell short above the range' }),
    stopPercent: T.Number({
      minimum: 0,
      maximum: 50,
      default: 0,
      description: 'Protective stop, percent of the price from the close of the entry bar; 0 for none',
    }),
    maxHoldingBars: T.Integer({
      minimum: 0,
      maximum: 10_000,
      default: 0,
      description: 'Closes a position after so many bars; 0 for no such limit',
    }),
  },
  { additionalProperties: false },
);

export type Config = Static<typeof config>;
