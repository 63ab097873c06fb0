import { riskFreeOfDay } from '../annualisation.ts';
import { isConstant, momentsOf } from '../moments.ts';
import { relativePerformanceOf } from '../relative.ts';
import { downsideDeviation, omega } from '../risk-adjusted.ts';
import type { CompatInput } from './compat-input.ts';

/**
 * The figures whose convention in empyrical(-reloaded) 0.7.1 is not ours, or that only it has, given the
 * risk-free rate of a day as that library wants it; null where it gives NaN or infinity.
 */
export interface EmpyricalFigures {
  /** Threshold at the risk-free rate. */
  readonly omega: number | null;
  /** Downside deviation from the risk-free rate, a year. */
  readonly downsideRisk: number | null;
  /** r^2 of a line through the cumulative log returns; null where they do not vary or all was lost. */
  readonly stability: number | null;
  /** `excess_sharpe`: mean(r - b) / s(r - b), not annualised. */
  readonly informationRatio: number | null;
}

const stabilityOf = (returns: Float64Array): number | null => {
  if (returns.length < 2 || returns.some((value) => value <= -1)) return null;
  let sum = 0;
  const course = returns.map((value) => (sum += Math.log1p(value)));
  if (isConstant(course)) return null;
  const line = course.map((_, day) => day);
  const deviations = (momentsOf(course).deviation ?? 0) * (momentsOf(line).deviation ?? 0);
  const mean = momentsOf(course).mean ?? 0;
  const middle = (line.length - 1) / 2;
  let products = 0;
  course.forEach((value, day) => (products += (value - mean) * (day - middle)));
  return (products / (course.length - 1) / deviations) ** 2;
};

export const empyricalFigures = ({ returns, paired, terms }: CompatInput): EmpyricalFigures => {
  const target = riskFreeOfDay(terms);
  const downside = downsideDeviation(returns, target);
  const information =
    paired === null ? null : relativePerformanceOf(paired.returns, paired.benchmark, terms).informationRatio;
  return {
    omega: omega(returns, target),
    downsideRisk: downside === null ? null : downside * Math.sqrt(terms.periodsPerYear),
    stability: stabilityOf(returns),
    informationRatio: information === null ? null : information / Math.sqrt(terms.periodsPerYear),
  };
};
