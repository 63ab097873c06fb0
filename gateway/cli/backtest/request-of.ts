import type { Json, StrategyDefinition } from '@omniquant/plugin-sdk';

import type { CorporateAction } from '../../../core/backtest/corporate-actions.ts';
import { readCorporateActions } from '../../backtests/market-data/corporate-actions-file.ts';
import { MarketDataError } from '../../backtests/market-data/market-data-error.ts';
import { UsageError } from '../usage-error.ts';
import { optionEntries } from './backtest-options.ts';
import { parameterValues } from './parameters.ts';

/** Values of the command's options, as parseArgs gives them. */
export type OptionValues = Readonly<
  Record<string, string | boolean | readonly (string | boolean)[] | undefined>
>;

const NUMBERS = new Set(['seed', 'risk-free']);
const MODELS = new Set(['fees', 'fills', 'latency']);
/** Given as JSON. */
const LISTS = new Set(['limits', 'dividends']);
const CODES = new Set(['interval', 'calendar', 'order-hours', 'prices']);

/**
 * The request that a command line comes to; whether it makes sense is for prepareBacktest to say. Throws UsageError for
 * JSON that is none.
 * @param strategy Its schema gives parameters their types; null where there is no such strategy.
 */
export function requestOf(
  values: OptionValues,
  strategy: StrategyDefinition | null,
): Readonly<Record<string, unknown>> {
  const request: Record<string, unknown> = { interval: 'DAY_1' };
  for (const [name, { setting }] of optionEntries) {
    const text = values[name];
    if (setting === undefined || name === 'actions' || typeof text !== 'string') continue;
    request[setting] = settingOf(name, text);
  }
  const { actions } = values;
  if (typeof actions === 'string') {
    request['corporateActions'] = actionsOf(actions, (request['symbols'] ?? []) as readonly string[]);
  }
  const assignments = (values['set'] ?? []) as readonly string[];
  return { ...request, config: parameterValues(assignments, strategy?.config ?? null) };
}

function actionsOf(file: string, symbols: readonly string[]): readonly CorporateAction[] {
  try {
    return readCorporateActions(file, symbols);
  } catch (cause) {
    if (!(cause instanceof MarketDataError)) throw cause;
    throw new UsageError(`omniquant: --actions: ${cause.message}`, { cause });
  }
}

function settingOf(name: string, text: string): unknown {
  if (name === 'symbols') return text.split(',').map((symbol) => symbol.trim());
  if (name === 'data') return text.split(',').map((kind) => kind.trim().toUpperCase());
  if (LISTS.has(name)) return json(name, text);
  if (MODELS.has(name)) return modelOf(name, text);
  if (CODES.has(name)) return text.toUpperCase();
  // What is no number stays a text, and is refused as one.
  return NUMBERS.has(name) && text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
}

/** JSON, a number of milliseconds, or just the name of a model. */
function modelOf(name: string, text: string): unknown {
  if (/^\d+$/.test(text)) return Number(text);
  return /^[A-Za-z_]+$/.test(text) ? { model: text.toUpperCase() } : json(name, text);
}

function json(name: string, text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (cause) {
    throw new UsageError(`--${name} is JSON in single quotes, such as --${name} '{"name":"value"}'`, {
      cause,
    });
  }
}
