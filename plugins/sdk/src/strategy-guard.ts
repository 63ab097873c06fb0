import { isOptimizerError } from './optimizer-error.ts';
import { StrategyError } from './strategy-error.ts';

/** Runs code of a strategy; what it throws becomes a StrategyError that names the hook. */
export function guarded<T>(what: string, run: () => T): T {
  try {
    return run();
  } catch (cause) {
    throw strategyErrorOf(what, cause);
  }
}

/** What code of a strategy has thrown, as a StrategyError that names the hook. */
export function strategyErrorOf(what: string, cause: unknown): StrategyError {
  if (cause instanceof StrategyError) return cause;
  const why = cause instanceof Error ? cause.message : String(cause);
  if (isOptimizerError(cause)) {
    const message = `on ${what}: ${cause.code}: ${why}`;
    return new StrategyError('STRATEGY_OPTIMIZER_FAILED', message, { cause });
  }
  return new StrategyError('STRATEGY_THREW', `on ${what}: ${why}`, { cause });
}
