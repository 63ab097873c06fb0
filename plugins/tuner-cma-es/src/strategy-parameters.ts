/** The constants of a search in as many dimensions: table 1 of the tutorial, with its names in comments. */
export interface StrategyParameters {
  readonly dimensions: number;
  /** Candidates of a generation: lambda. */
  readonly population: number;
  /** From the best to the worst; the better half sums to 1, the others are below zero: w. */
  readonly weights: readonly number[];
  /** Parents, mu, and what they are worth: mu_eff. */
  readonly parents: number;
  readonly effective: number;
  /** Learning rates of the step size's path and its damping: c_sigma, d_sigma. */
  readonly pathOfStep: number;
  readonly damping: number;
  /** Of the covariance's path, of the rank-one and of the rank-mu update: c_c, c_1, c_mu. */
  readonly pathOfCovariance: number;
  readonly rankOne: number;
  readonly rankMu: number;
  /** Expected length of a standard normal vector: E||N(0, I)||. */
  readonly expectedLength: number;
}

/** Candidates of a generation when nothing else is said: 4 + floor(3 ln n). */
export const usualPopulation = (dimensions: number): number => 4 + Math.floor(3 * Math.log(dimensions));

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
const effectiveOf = (weights: readonly number[]): number =>
  sumOf(weights) ** 2 / sumOf(weights.map((weight) => weight * weight));

/** N. Hansen, "The CMA Evolution Strategy: A Tutorial", arXiv 1604.00772, equations (49) to (58) and table 1. */
export function strategyParameters(dimensions: number, population: number): StrategyParameters {
  const n = dimensions;
  const parents = Math.floor(population / 2);
  const raw = Array.from(
    { length: population },
    (_, rank) => Math.log((population + 1) / 2) - Math.log(rank + 1),
  );
  const better = raw.slice(0, parents);
  const effective = effectiveOf(better);
  const pathOfCovariance = (4 + effective / n) / (n + 4 + (2 * effective) / n);
  const rankOne = 2 / ((n + 1.3) ** 2 + effective);
  const rankMu = Math.min(
    1 - rankOne,
    (2 * (0.25 + effective + 1 / effective - 2)) / ((n + 2) ** 2 + effective),
  );
  const pathOfStep = (effective + 2) / (n + effective + 5);
  const ofWorse = effectiveOf(raw.slice(parents));
  const most = Math.min(
    1 + rankOne / rankMu,
    1 + (2 * ofWorse) / (effective + 2),
    (1 - rankOne - rankMu) / (n * rankMu),
  );
  const above = sumOf(raw.filter((weight) => weight >= 0));
  const below = -sumOf(raw.filter((weight) => weight < 0));
  return {
    ...{ dimensions, population, parents, effective, pathOfCovariance, rankOne, rankMu, pathOfStep },
    weights: raw.map((weight) => (weight >= 0 ? weight / above : below > 0 ? (weight * most) / below : 0)),
    damping: 1 + 2 * Math.max(0, Math.sqrt((effective - 1) / (n + 1)) - 1) + pathOfStep,
    expectedLength: Math.sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n)),
  };
}
