import { BacktestError } from '../../core/backtest/backtest-error.ts';

/** What is wrong with a part of a request, by its path in the whole. */
export function underField<T>(place: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw placed(place, error);
  }
}

/** The same of an error that is there already; others than BAD_USER_INPUT stay what they are. */
export function placed(place: string, error: unknown): unknown {
  if (!(error instanceof BacktestError) || error.code !== 'BAD_USER_INPUT') return error;
  const { cause, field, message } = error;
  const path = field === null || field === '' ? place : `${place}.${field}`;
  const text =
    field !== null && message.startsWith(field) ? `${path}${message.slice(field.length)}` : message;
  return new BacktestError('BAD_USER_INPUT', text, path, { cause });
}
