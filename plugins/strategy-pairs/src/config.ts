import { type Static, T } from '@omniquant/plugin-sdk';

export const config = T.Object(
  {
    period: T.Integer({
      minimum: 10,
      maximum: 2_000,
      default: 60,
      description: 'Pairs of bars from which the hedge ratio is estimated',
    }),
    scorePeriod: T.Integer({
      minimum: 10,
      maximum: 2_000,
      default: 60,
      description: 'Residuals by whose mean and deviation the z-score is taken',
    }),
    entry: T.Number({ minimum: 0.1, maximum: 10, default: 2, description: 'Opens from this z-score on' }),
    exit: T.Number({ minimum: 0, maximum: 10, default: 0.5, description: 'Closes up to this z-score' }),
    stop: T.Number({
      minimum: 0.2,
      maximum: 100,
      default: 4,
      description: 'Gives the pair up from this z-score on',
    }),
    quantity: T.String({
      pattern: '^(0|[1-9]\\d{0,11})(\\.\\d{1,12})?$',
      default: '1',
      description: 'Units of the first symbol; those of the second follow from the hedge ratio',
    }),
    maxLegBars: T.Integer({
      minimum: 1,
      maximum: 1_000,
      default: 3,
      description: 'Pairs of bars within which both legs have to be filled, or both are closed',
    }),
  },
  { additionalProperties: false },
);

export type Config = Static<typeof config>;
