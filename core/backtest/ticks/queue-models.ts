/*
 * Where an order stands in the queue at its price, as far as sizes of levels and trades tell. The definitions are those
 * of hftbacktest (its documentation, "Order Fill" and "Probability Queue Models"), which follow R. Bouchard (2013), "Quant
 * Stack Exchange, question 3782", and E. Rigtorp (2013), "Estimating order queue position".
 */

/** Which share of what leaves a level without a trade was behind an order, by the sizes before and behind it. */
export type QueueModel = 'RISK_AVERSE' | 'POWER' | 'POWER_2' | 'POWER_3' | 'LOG' | 'LOG_2';

/** Units before and behind an order to the probability that a cancel was behind it. */
export type CancelledBehind = (front: number, back: number) => number;

const log = (x: number): number => Math.log(1 + x);

/**
 * With f(x) = x^exponent, or ln(1 + x):
 *
 *   POWER, LOG      f(back) / (f(back) + f(front))
 *   POWER_2, LOG_2  f(back) / f(back + front)
 *   POWER_3         1 - f(front / (front + back))
 *
 * RISK_AVERSE has every cancel behind the order, as long as the level is large enough for that.
 */
export const cancelledBehind = (model: QueueModel, exponent: number): CancelledBehind => {
  const power = (x: number): number => x ** exponent;
  switch (model) {
    case 'RISK_AVERSE':
      return () => 1;
    case 'POWER':
      return (front, back) => share(power(back), power(back) + power(front));
    case 'POWER_2':
      return (front, back) => share(power(back), power(back + front));
    case 'POWER_3':
      return (front, back) => 1 - power(share(front, front + back));
    case 'LOG':
      return (front, back) => share(log(back), log(back) + log(front));
    case 'LOG_2':
      return (front, back) => share(log(back), log(back + front));
  }
};

/** Nothing is on either side: it does not matter where it was. */
const share = (part: number, whole: number): number => (whole === 0 ? 1 : part / whole);

/** What a level's change does to the lots before an order; what is not known is left as it is or taken at its worst. */
export interface LevelChange {
  readonly front: number;
  /** Of the level before and after. */
  readonly before: number;
  readonly after: number;
  /** Traded at the level since its last change: it is gone from the queue already. */
  readonly traded: number;
}

/**
 * Lots before an order after its level has changed: those that left without a trade were before and behind it as the
 * model says; those that were added are behind it.
 */
export const frontAfter = (
  { after, before, front, traded }: LevelChange,
  behind: CancelledBehind,
  unitsPerLot: number,
): number => {
  const cancelled = before - after - traded;
  if (!(cancelled > 0) || before === Infinity) return Math.min(front, after);
  const back = Math.max(0, before - front);
  const probability = behind(front * unitsPerLot, back * unitsPerLot);
  // What the back cannot have given was before the order as well.
  const beyond = Math.max(0, probability * cancelled - back);
  return Math.max(0, Math.min(front - (1 - probability) * cancelled - beyond, after));
};
