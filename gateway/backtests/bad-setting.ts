import { BacktestError } from '../../core/backtest/backtest-error.ts';

/** A request that no run can be made of. `field` is a path in it. */
export const badSetting = (field: string, problem: string): BacktestError =>
  new BacktestError('BAD_USER_INPUT', `${field} ${problem}`, field);
