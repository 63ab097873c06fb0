import type { Bar, Json } from '@omniquant/plugin-sdk';
import { hedgeRatio, zScore } from '@omniquant/plugin-sdk/indicators';

/** How far the two are apart. */
export interface Reading {
  /** Units of the second symbol that hedge one of the first, by price. */
  readonly beta: number;
  /** Of the residual: above 0 while the first symbol is dear. */
  readonly z: number;
}

type Leg = { readonly at: number; readonly close: number };
type Saved = { readonly hedge: Json; readonly score: Json; readonly legs: readonly [Leg | null, Leg | null] };

/** The spread of the first symbol over the second, whenever bars of both for the same time have come. */
export class Spread {
  private readonly hedge;
  private readonly score;
  private legs: readonly [Leg | null, Leg | null] = [null, null];

  constructor(period: number, scorePeriod: number) {
    this.hedge = hedgeRatio(period);
    this.score = zScore(scorePeriod);
  }

  /** Null while the other bar is missing, and while the windows fill. */
  update(leg: 0 | 1, { at, close }: Bar): Reading | null {
    const own = { at, close };
    this.legs = leg === 0 ? [own, this.legs[1]] : [this.legs[0], own];
    const [first, second] = this.legs;
    if (first === null || second === null || first.at !== second.at) return null;
    const hedge = this.hedge.update({ x: second.close, y: first.close });
    const z = hedge === null ? null : this.score.update(hedge.residual);
    return hedge === null || z === null ? null : { beta: hedge.beta, z };
  }

  snapshot(): Json {
    return { hedge: this.hedge.snapshot(), score: this.score.snapshot(), legs: this.legs };
  }

  restore(snapshot: Json): void {
    const saved = snapshot as Saved;
    this.hedge.restore(saved.hedge);
    this.score.restore(saved.score);
    this.legs = saved.legs;
  }
}
