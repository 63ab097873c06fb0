import { type Static, T } from '@omniquant/plugin-sdk';

const DECIMAL = '^(0|[1-9]\\d{0,11})(\\.\\d{1,12})?$';
/** The year 2100, epoch ms. */
const LATEST = 4_102_444_800_000;

export const config = T.Object(
  {
    side: T.Union([T.Literal('BUY'), T.Literal('SELL')], { description: 'BUY or SELL' }),
    quantity: T.String({ pattern: DECIMAL, description: 'Units in all, rounded down to whole lots' }),
    method: T.Union([T.Literal('twap'), T.Literal('vwap')], {
      default: 'twap',
      description: 'Equal slices, or slices by the volume that each time of day had in the warm-up bars',
    }),
    startAt: T.Optional(
      T.Integer({ minimum: 0, maximum: LATEST, description: 'Begin, epoch ms; the start when left out' }),
    ),
    endAt: T.Optional(
      T.Integer({ minimum: 0, maximum: LATEST, description: 'End, epoch ms; this or durationSeconds' }),
    ),
    durationSeconds: T.Optional(
      T.Integer({ minimum: 1, maximum: 2_592_000, description: 'From begin to end, seconds; this or endAt' }),
    ),
    slices: T.Integer({ minimum: 1, maximum: 1_000, default: 10, description: 'Orders that it is cut into' }),
    jitter: T.Number({
      minimum: 0,
      maximum: 1,
      default: 0,
      description: 'Share of a slice by which its order may come later, by seeded chance',
    }),
    limitPrice: T.Optional(
      T.String({
        pattern: DECIMAL,
        description: 'Never buys above it or sells below it; none when left out',
      }),
    ),
    participation: T.Number({
      minimum: 0,
      maximum: 1,
      default: 0,
      description:
        'Most of the last bar’s volume that is ordered until the next: 0.1 is 10 %; 0 for no such cap',
    }),
    profileBars: T.Integer({
      minimum: 1,
      maximum: 5_000,
      default: 1_000,
      description: 'Bars of before the start from which the volume profile is taken (vwap)',
    }),
    atEnd: T.Union([T.Literal('cancel'), T.Literal('cross')], {
      default: 'cancel',
      description: 'What becomes of the rest at the end: cancelled, or ordered at once whatever the cap says',
    }),
    settleSeconds: T.Integer({
      minimum: 1,
      maximum: 600,
      default: 5,
      description:
        'How long a cancelled order may still report fills before its rest is ordered anew, seconds',
    }),
  },
  { additionalProperties: false },
);

export type Config = Static<typeof config>;
