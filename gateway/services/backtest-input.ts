import { BacktestError } from '../../core/backtest/backtest-error.ts';
import type { RunBacktestRequest } from '../../schema/backtests/backtest-service.ts';
import { badInput } from '../../schema/errors/api-error.ts';
import { toLimits } from '../../schema/risk/risk-view.ts';
import type { BacktestRequest } from '../backtests/backtest-request.ts';

/** What the API was asked for, as whoever runs it is asked: the same but for two names. */
export function toBacktestRequest({
  from,
  latencyMs,
  limits,
  to,
  ...input
}: RunBacktestRequest): BacktestRequest {
  return {
    ...input,
    // What came in as JSON holds nothing else.
    config: (input.config ?? {}) as BacktestRequest['config'],
    ...{ from: instant(from), to: instant(to), latency: latencyMs },
    limits: limits === undefined || limits === null ? null : toLimits(limits),
  };
}

const instant = (at: number | null | undefined): string | null =>
  at === undefined || at === null ? null : new Date(at).toISOString();

/** Throws what is wrong with a request as BAD_USER_INPUT of the API, in the API's names; all else as it is. */
export function refuseRequest(error: unknown): never {
  if (!(error instanceof BacktestError) || error.code !== 'BAD_USER_INPUT') throw error;
  const { field, message } = error;
  if (field === null) throw badInput(`input ${message}.`, 'input');
  const named = field
    .replace(/^(backtest\.)?latency\b/, '$1latencyMs')
    .replace(/^(backtest\.)?(symbols|data)\.(\d+)/, '$1$2[$3]');
  const problem = message.startsWith(field) ? message.slice(field.length) : ` ${message}`;
  throw badInput(`input.${named}${problem}.`, `input.${named}`);
}
