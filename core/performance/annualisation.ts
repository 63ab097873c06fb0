import type { CalendarId } from '../market/calendar.ts';
import { PerformanceError } from './performance-error.ts';
import { finiteOrNull } from './sums.ts';

const PERIODS_PER_YEAR: Readonly<Record<CalendarId, number>> = { US_EQUITY: 252, ALWAYS: 365 };

/** Trading days of a year, by which daily figures are annualised: 252 of US equities, 365 of what never closes. */
export const periodsPerYear = (calendar: CalendarId): number => PERIODS_PER_YEAR[calendar];

/** How daily figures become yearly ones. */
export interface Annualisation {
  readonly periodsPerYear: number;
  /** Yearly rate as a fraction: 0.05 for five per cent. */
  readonly riskFree: number;
}

/** Throws {@link PerformanceError} INVALID_PARAMETER for no days a year, or a rate of -100 % or below. */
export const requireAnnualisation = ({ periodsPerYear: periods, riskFree }: Annualisation): void => {
  if (!(Number.isFinite(periods) && periods > 0)) {
    throw new PerformanceError('INVALID_PARAMETER', `periodsPerYear is ${periods}: give a number above 0`);
  }
  if (!(Number.isFinite(riskFree) && riskFree > -1)) {
    throw new PerformanceError(
      'INVALID_PARAMETER',
      `riskFree is ${riskFree}: give a yearly fraction above -1, such as 0.05`,
    );
  }
};

/** The rate of a day that compounds to the yearly one: (1 + rf)^(1/P) - 1. */
export const riskFreeOfDay = ({ periodsPerYear: periods, riskFree }: Annualisation): number =>
  Math.expm1(Math.log1p(riskFree) / periods);

/** (1 + x)^P - 1; null where more than everything is lost, or the result is too large for a number. */
export const annualise = (ofDay: number, periods: number): number | null =>
  ofDay < -1 ? null : finiteOrNull(Math.expm1(Math.log1p(ofDay) * periods));

/**
 * Compound annual growth rate: (1 + total return)^(P / n) - 1 over n days. Null without days, and where
 * more than everything was lost.
 */
export const growthRate = (totalReturn: number | null, days: number, periods: number): number | null =>
  totalReturn === null || days === 0 ? null : annualise(totalReturn, periods / days);
