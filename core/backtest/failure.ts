import { StrategyError } from '@omniquant/plugin-sdk';

import { CommandError } from '../engine/decision.ts';
import { BacktestError } from './backtest-error.ts';
import type { BacktestFailure } from './backtest-result.ts';

/** What ends a run as FAILED: the strategy's own errors, and wishes of it that the account cannot take. Null for others. */
export const failureOf = (error: unknown, at: number): BacktestFailure | null => {
  if (error instanceof StrategyError) return { code: error.code, message: error.message, at };
  if (error instanceof BacktestError && error.code === 'STRATEGY_LOOPS') {
    return { code: error.code, message: error.message, at };
  }
  if (error instanceof CommandError) {
    return { code: 'STRATEGY_NOT_COMMITTED', message: `a step was not taken: ${error.message}`, at };
  }
  return null;
};
