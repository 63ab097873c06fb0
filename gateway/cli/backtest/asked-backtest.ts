import { parseArgs } from 'node:util';

import type { StrategyDefinition } from '@omniquant/plugin-sdk';

import { BacktestError } from '../../../core/backtest/backtest-error.ts';
import { type BacktestExtensions, loadBacktestExtensions } from '../../backtests/backtest-extensions.ts';
import type { PluginEntry } from '../../plugins/load-plugin.ts';
import { OWN_OPTIMIZERS } from '../../plugins/own-optimizers.ts';
import { OWN_STRATEGIES } from '../../plugins/own-strategies.ts';
import { pluginEntries } from '../../plugins/plugin-list.ts';
import { pluginListFile } from '../plugin/plugin-command.ts';
import { UsageError } from '../usage-error.ts';
import { BACKTEST_OPTIONS, optionOf } from './backtest-options.ts';
import { type OptionValues, requestOf } from './request-of.ts';

/** A backtest as a command line asks for it. */
export interface AskedBacktest {
  readonly values: OptionValues;
  readonly extensions: BacktestExtensions;
  /** Null where there is no such strategy, or none is named. */
  readonly strategy: StrategyDefinition | null;
  /** The request that the options come to; throws UsageError for options that are missing, or that are none. */
  request(): Readonly<Record<string, unknown>>;
}

/** Options of a command beside those of every backtest. */
export type MoreOptions = Readonly<Record<string, { readonly type: 'string' | 'boolean' }>>;

/** Throws UsageError, with the usage of the command, for options that there are not. */
export async function askedBacktest(
  args: readonly string[],
  usage: string,
  more: MoreOptions = {},
): Promise<AskedBacktest> {
  const values = understood(args, usage, more);
  const extensions = await loadBacktestExtensions(entries());
  const named = typeof values['strategy'] === 'string' ? values['strategy'] : null;
  const strategy = named === null ? null : extensions.strategy(named);
  return {
    ...{ values, extensions, strategy },
    request() {
      for (const needed of ['strategy', 'symbols'] as const) {
        if (values[needed] === undefined) throw new UsageError(`--${needed} is missing\n${usage}`);
      }
      return requestOf(values, strategy);
    },
  };
}

/** The gateway's own, and those on the operator's list that are enabled: the list goes first. */
function entries(): readonly PluginEntry[] {
  const listed = pluginEntries(pluginListFile()).filter(({ enabled }) => enabled !== false);
  const own = [...OWN_STRATEGIES, ...OWN_OPTIMIZERS].map((specifier) => ({
    ...{ specifier, grants: [], required: false },
  }));
  return [...listed, ...own];
}

function understood(args: readonly string[], usage: string, more: MoreOptions): OptionValues {
  const options = Object.fromEntries(
    Object.entries({ ...BACKTEST_OPTIONS, ...more }).map(([name, option]) => [
      name,
      { type: option.type, multiple: 'multiple' in option, ...(name === 'help' && { short: 'h' }) },
    ]),
  );
  try {
    return parseArgs({ args: [...args], options, allowPositionals: false }).values;
  } catch (cause) {
    throw new UsageError(`${cause instanceof Error ? cause.message : String(cause)}\n${usage}`, { cause });
  }
}

/** What is wrong with a setting, in the words of the command line. */
export function refuseSetting(error: unknown): never {
  if (!(error instanceof BacktestError) || error.field === null) throw error;
  const { field, message } = error;
  const option = optionOf(field);
  const text = message.startsWith(field)
    ? `${option}${message.slice(field.length)}`
    : `${option}: ${message}`;
  throw new UsageError(`omniquant: ${text}`, { cause: error });
}
