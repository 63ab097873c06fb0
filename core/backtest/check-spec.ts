import { tryParseDecimal } from '@omniquant/plugin-sdk/decimal';

import { checkLimits } from '../engine/decide/account-commands.ts';
import { CommandError } from '../engine/decision.ts';
import { createInstrument, type Instrument, InstrumentError } from '../market/instrument.ts';
import { BacktestError } from './backtest-error.ts';
import type { BacktestSettings, BacktestSpec } from './backtest-spec.ts';

const wrong = (field: string, problem: string, cause?: unknown): BacktestError =>
  new BacktestError('BAD_USER_INPUT', `${field} ${problem}`, field, { cause });

const requireCarrying = ({
  borrowRate,
  dividends = [],
  instruments,
  maintenanceMargin,
}: BacktestSettings): void => {
  for (const [field, value] of [
    ['borrowRate', borrowRate],
    ['maintenanceMargin', maintenanceMargin],
  ] as const) {
    const read = tryParseDecimal(value ?? '0');
    if (read === undefined || read < 0n) throw wrong(field, 'has to be a decimal from 0');
  }
  dividends.forEach(({ amount, exDay, symbol }, index) => {
    const field = `dividends.${String(index)}`;
    if ((tryParseDecimal(amount) ?? 0n) <= 0n) throw wrong(`${field}.amount`, 'has to be a decimal above 0');
    if (!/^\d{4}-\d{2}-\d{2}$/.test(exDay)) {
      throw wrong(`${field}.exDay`, 'has to be a day such as 2024-05-10');
    }
    if (!instruments.some((each) => each.symbol === symbol)) {
      throw wrong(`${field}.symbol`, `is ${symbol}, of which there is no instrument`);
    }
  });
};

const requireAbove = (settings: BacktestSettings, field: 'startingCash' | 'buyingPowerMultiplier'): void => {
  const value = tryParseDecimal(settings[field]);
  if (value === undefined || value <= 0n) throw wrong(field, 'has to be a decimal above 0');
};

const requireLimits = ({ limits }: BacktestSettings): void => {
  try {
    checkLimits(limits);
  } catch (cause) {
    if (!(cause instanceof CommandError)) throw cause;
    throw new BacktestError('BAD_USER_INPUT', cause.message, cause.field, { cause });
  }
};

/** Throws {@link BacktestError} BAD_USER_INPUT that names the setting. Fees, fills and latency are read by their schemas. */
export const checkSpec = ({ settings, strategy }: BacktestSpec): ReadonlyMap<string, Instrument> => {
  const { from, instruments, riskFree, seed, symbols, to } = settings;
  if (strategy.id !== settings.strategy) {
    throw wrong('strategy', `is ${settings.strategy}, the code is ${strategy.id}`);
  }
  if (symbols.length === 0) throw wrong('symbols', 'has to name at least one');
  if (new Set(symbols).size !== symbols.length) throw wrong('symbols', 'has to name each once');
  if (!Number.isSafeInteger(seed)) throw wrong('seed', 'has to be a whole number');
  if (from !== null && to !== null && from >= to) throw wrong('to', 'has to be after from');
  if (!(Number.isFinite(riskFree) && riskFree > -1)) {
    throw wrong('riskFree', 'has to be a yearly fraction above -1');
  }
  requireLimits(settings);
  requireCarrying(settings);
  requireAbove(settings, 'startingCash');
  requireAbove(settings, 'buyingPowerMultiplier');
  const known = new Map<string, Instrument>();
  instruments.forEach((described, index) => {
    try {
      known.set(described.symbol, createInstrument(described));
    } catch (cause) {
      if (!(cause instanceof InstrumentError)) throw cause;
      throw wrong(`instruments.${String(index)}.${cause.field}`, `is wrong: ${cause.message}`, cause);
    }
  });
  const unknown = symbols.find((symbol) => !known.has(symbol));
  if (unknown !== undefined) throw wrong('symbols', `has ${unknown}, of which there is no instrument`);
  return known;
};
