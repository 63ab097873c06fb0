import fc from 'fast-check';

/** One random step: a kind, and numbers that its details are drawn from. */
export interface Step {
  readonly kind: string;
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly flag: boolean;
}

const CLIENT_STEPS = [
  'place',
  'place',
  'place',
  'bracket',
  'replace',
  'cancel',
  'cancelAll',
  'close',
] as const;
const VENUE_STEPS = [
  'message',
  'message',
  'message',
  'fill',
  'fill',
  'accept',
  'outcome',
  'venueOrder',
  'notAtVenue',
] as const;
const OTHER_STEPS = [
  'quote',
  'quote',
  'tick',
  'recover',
  'resubmit',
  'tradingState',
  'ready',
  'limits',
  'transfer',
  'settle',
] as const;
const OPERATOR_STEPS = ['resolveOrder', 'snapshot', 'resolveMismatch'] as const;

const stepOf = (kinds: readonly string[]): fc.Arbitrary<Step> =>
  fc.record({
    kind: fc.constantFrom(...kinds),
    a: fc.nat(1_000),
    b: fc.nat(1_000),
    c: fc.nat(1_000),
    flag: fc.boolean(),
  });

export const anyStep = stepOf([...CLIENT_STEPS, ...VENUE_STEPS, ...OTHER_STEPS]);
export const anyOperatorStep = stepOf([...CLIENT_STEPS, ...VENUE_STEPS, ...OTHER_STEPS, ...OPERATOR_STEPS]);

/** The one that a number of a step stands for. */
export const pick = <const T>(from: readonly T[], index: number): T => {
  const found = from[index % from.length];
  if (found === undefined) throw new Error('nothing to pick from');
  return found;
};
