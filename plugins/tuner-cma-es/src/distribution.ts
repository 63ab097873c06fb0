import { EigenvalueDecomposition, Matrix } from 'ml-matrix';

import { type StrategyParameters, strategyParameters } from './strategy-parameters.ts';

type Vector = readonly number[];

/** Where the search stands, as JSON. */
export type SavedDistribution = {
  readonly population: number;
  readonly mean: Vector;
  readonly step: number;
  readonly covariance: readonly Vector[];
  readonly pathOfStep: Vector;
  readonly pathOfCovariance: Vector;
  readonly generation: number;
};

/**
 * The distribution that candidates are drawn from, and how it learns: N. Hansen, "The CMA Evolution Strategy: A Tutorial",
 * arXiv 1604.00772, figure 6, with its names in comments. Everything but `saved` follows from it.
 */
export class Distribution {
  readonly parameters: StrategyParameters;
  private mean: Vector;
  private step: number;
  private covariance: readonly Vector[];
  private pathOfStep: Vector;
  private pathOfCovariance: Vector;
  private generation: number;
  /** C = B D^2 B': columns of B, and D. */
  private axes: readonly Vector[] = [];
  private lengths: Vector = [];

  constructor(saved: SavedDistribution) {
    this.parameters = strategyParameters(saved.mean.length, saved.population);
    ({ mean: this.mean, step: this.step, covariance: this.covariance, generation: this.generation } = saved);
    ({ pathOfStep: this.pathOfStep, pathOfCovariance: this.pathOfCovariance } = saved);
    this.decompose();
  }

  static at(mean: Vector, step: number, population: number): Distribution {
    const zero = mean.map(() => 0);
    const covariance = mean.map((_, row) => mean.map((_value, column) => (row === column ? 1 : 0)));
    const paths = { pathOfStep: zero, pathOfCovariance: zero };
    return new Distribution({ mean, step, population, covariance, ...paths, generation: 0 });
  }

  save(): SavedDistribution {
    const { covariance, generation, mean, pathOfCovariance, pathOfStep, step } = this;
    return {
      population: this.parameters.population,
      ...{ mean, step, covariance, pathOfStep, pathOfCovariance, generation },
    };
  }

  /** Standard deviation of each coordinate. */
  get deviations(): Vector {
    return this.covariance.map((row, index) => this.step * Math.sqrt(row[index]!));
  }

  /** Widest over narrowest axis, squared: the condition of C. */
  get condition(): number {
    return (Math.max(...this.lengths) / Math.min(...this.lengths)) ** 2;
  }

  /** x = m + sigma B D z, z of standard normal numbers. */
  at(z: Vector): Vector {
    return this.mean.map(
      (center, row) =>
        center + this.step * sum(z, (value, axis) => this.axes[axis]![row]! * this.lengths[axis]! * value),
    );
  }

  /** Learns from the candidates of a generation, the best first. */
  update(ranked: readonly Vector[]): void {
    const { dimensions, parents, weights } = this.parameters;
    const steps = ranked.map((x) => x.map((value, index) => (value - this.mean[index]!) / this.step));
    const move = this.mean.map((_, index) =>
      sum(steps.slice(0, parents), (y, rank) => weights[rank]! * y[index]!),
    );
    this.mean = this.mean.map((value, index) => value + this.step * move[index]!);
    this.generation += 1;

    const { damping, effective, expectedLength, pathOfCovariance: cc, pathOfStep: cs } = this.parameters;
    const whitened = this.whiten(move);
    const gain = Math.sqrt(cs * (2 - cs) * effective);
    this.pathOfStep = this.pathOfStep.map((value, index) => (1 - cs) * value + gain * whitened[index]!);
    const length = norm(this.pathOfStep);
    const usual = Math.sqrt(1 - (1 - cs) ** (2 * this.generation));
    const isMoving = length / usual < (1.4 + 2 / (dimensions + 1)) * expectedLength;
    const gainOfCovariance = isMoving ? Math.sqrt(cc * (2 - cc) * effective) : 0;
    this.pathOfCovariance = this.pathOfCovariance.map(
      (value, index) => (1 - cc) * value + gainOfCovariance * move[index]!,
    );
    this.learnCovariance(steps, isMoving);
    // A generation moves the step by a factor of e at most, as flat or steep as the scores may be.
    this.step *= Math.exp(Math.min(1, (cs / damping) * (length / expectedLength - 1)));
    this.decompose();
  }

  private learnCovariance(steps: readonly Vector[], isMoving: boolean): void {
    const { dimensions, pathOfCovariance: cc, rankMu, rankOne, weights } = this.parameters;
    const scaled = weights.map((weight, rank) =>
      weight >= 0 ? weight : (weight * dimensions) / Math.max(1e-12, norm(this.whiten(steps[rank]!)) ** 2),
    );
    const missing = isMoving ? 0 : cc * (2 - cc);
    const kept = 1 + rankOne * missing - rankOne - rankMu * sum(weights, (weight) => weight);
    const path = this.pathOfCovariance;
    this.covariance = this.covariance.map((row, i) =>
      row.map(
        (value, j) =>
          kept * value +
          rankOne * path[i]! * path[j]! +
          rankMu * sum(scaled, (weight, rank) => weight * steps[rank]![i]! * steps[rank]![j]!),
      ),
    );
  }

  /** C^(-1/2) y = B D^(-1) B' y. */
  private whiten(y: Vector): Vector {
    const inner = this.axes.map(
      (axis, index) => sum(axis, (value, row) => value * y[row]!) / this.lengths[index]!,
    );
    return y.map((_, row) => sum(inner, (value, axis) => this.axes[axis]![row]! * value));
  }

  private decompose(): void {
    const size = this.mean.length;
    const found = new EigenvalueDecomposition(new Matrix(this.covariance.map((row) => [...row])), {
      assumeSymmetric: true,
    });
    const vectors = found.eigenvectorMatrix;
    this.axes = Array.from({ length: size }, (_, axis) => vectors.getColumn(axis));
    // Rounding can put an axis without width below zero.
    this.lengths = found.realEigenvalues.map((value) => Math.sqrt(Math.max(value, 1e-300)));
  }
}

const sum = <T>(values: readonly T[], term: (value: T, index: number) => number): number =>
  values.reduce((total, value, index) => total + term(value, index), 0);

const norm = (vector: Vector): number => Math.sqrt(sum(vector, (value) => value * value));
