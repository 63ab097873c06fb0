import type { Axis, ChoiceAxis, NumberAxis } from './coordinates.ts';
import { normalCdf, normalDraw, normalPdf } from './normal.ts';

/** A density that was estimated from points. */
export interface Parzen {
  density(point: readonly number[]): number;
  /** A point that the axes have. */
  draw(random: () => number): readonly number[];
}

/** The kernels of one parameter: one for each point, and the prior's. */
interface Kernels {
  /** Of each of them at a coordinate. */
  densities(coordinate: number): Float64Array;
  draw(kernel: number, random: () => number): number;
}

const PRIOR_WEIGHT = 1;
/** The last points count in full, those before the less the older they are. */
const IN_FULL = 25;

/** Weights of points in the order in which they were tried, and of the prior behind them; they sum to 1. */
function weightsOf(count: number): readonly number[] {
  const old = count - IN_FULL;
  const points = Array.from({ length: count }, (_, index) => {
    if (index >= old) return 1;
    return old === 1 ? 1 / count : 1 / count + ((1 - 1 / count) * index) / (old - 1);
  });
  const all = [...points, PRIOR_WEIGHT];
  const sum = all.reduce((total, weight) => total + weight, 0);
  return all.map((weight) => weight / sum);
}

/**
 * The estimate of J. Bergstra and others ("Algorithms for Hyper-Parameter Optimization", NIPS 24, 2011) with the constants
 * of Optuna's TPESampler, and as there over all parameters together: a product of kernels at each point (S. Falkner, A.
 * Klein and F. Hutter, "BOHB", ICML 2018), and one of the prior.
 * @param points Coordinates by axis, in the order in which they were tried.
 */
export function parzenOf(axes: readonly Axis[], points: readonly (readonly number[])[]): Parzen {
  const weights = weightsOf(points.length);
  const kernels = axes.map((axis, index) => {
    const own = points.map((point) => point[index]!);
    return axis.kind === 'choice' ? choiceKernels(axis, own) : numberKernels(axis, own);
  });
  return {
    density(point) {
      const factors = kernels.map((each, index) => each.densities(point[index]!));
      return weights.reduce(
        (sum, weight, kernel) => sum + factors.reduce((product, factor) => product * factor[kernel]!, weight),
        0,
      );
    },
    draw(random) {
      const kernel = pick(weights, random());
      return kernels.map((each) => each.draw(kernel, random));
    },
  };
}

/** Each leans to its own value, the less the fewer points there are; the prior to none. */
function choiceKernels({ values }: ChoiceAxis, points: readonly number[]): Kernels {
  const smooth = PRIOR_WEIGHT / (points.length + 1);
  const whole = 1 + smooth * values.length;
  const at = (kernel: number, choice: number): number => {
    const own = points[kernel];
    if (own === undefined) return 1 / values.length;
    return ((own === choice ? 1 : 0) + smooth) / whole;
  };
  return {
    densities: (choice) =>
      Float64Array.from({ length: points.length + 1 }, (_, kernel) => at(kernel, choice)),
    draw: (kernel, random) =>
      pick(
        values.map((_, choice) => at(kernel, choice)),
        random(),
      ),
  };
}

/** Truncated normals at the points, and one over the whole range. */
function numberKernels(axis: NumberAxis, points: readonly number[]): Kernels {
  const range = axis.high - axis.low;
  const centers = [...points, axis.low + range / 2];
  const widths = [...widthsOf(points, axis), range];
  const masses = centers.map(
    (center, kernel) =>
      normalCdf((axis.high - center) / widths[kernel]!) - normalCdf((axis.low - center) / widths[kernel]!),
  );
  // With steps the same few coordinates are asked for again and again.
  const known = new Map<number, Float64Array>();
  function densities(coordinate: number): Float64Array {
    const cell = axis.cell?.(coordinate) ?? null;
    return Float64Array.from(centers, (center, kernel) => {
      const width = widths[kernel]!;
      const here =
        cell === null
          ? normalPdf((coordinate - center) / width) / width
          : normalCdf((cell[1] - center) / width) - normalCdf((cell[0] - center) / width);
      return here / masses[kernel]!;
    });
  }
  return {
    densities(coordinate) {
      const found = known.get(coordinate) ?? densities(coordinate);
      if (axis.cell !== null) known.set(coordinate, found);
      return found;
    },
    draw(kernel, random) {
      for (;;) {
        // The center is within the range and the width no more than it: a third of the draws at least are, too.
        const drawn = centers[kernel]! + widths[kernel]! * normalDraw(random);
        if (drawn >= axis.low && drawn <= axis.high) return axis.nearest(drawn);
      }
    },
  };
}

/**
 * The way to the farther neighbour; an end of the range counts as one for a single point only. No kernel is narrower than
 * the range over the number of kernels, or a hundredth of it.
 */
function widthsOf(points: readonly number[], { high, low }: NumberAxis): readonly number[] {
  const range = high - low;
  const least = range / Math.min(100, 2 + points.length);
  const order = points.map((_, index) => index).sort((a, b) => points[a]! - points[b]! || a - b);
  const end = points.length === 1 ? { low, high } : { low: Infinity, high: -Infinity };
  const widths = new Array<number>(points.length);
  order.forEach((index, place) => {
    const [before, after] = [order[place - 1], order[place + 1]];
    const left = points[index]! - (before === undefined ? end.low : points[before]!);
    const right = (after === undefined ? end.high : points[after]!) - points[index]!;
    widths[index] = Math.min(range, Math.max(least, left, right));
  });
  return widths;
}

function pick(weights: readonly number[], at: number): number {
  let rest = at;
  for (let index = 0; index < weights.length; index += 1) {
    rest -= weights[index]!;
    if (rest < 0) return index;
  }
  return weights.length - 1;
}
