import type { StrategyDefinition } from '@omniquant/plugin-sdk';

import type { BacktestExtensions } from '../../backtests/backtest-extensions.ts';
import { optionEntries } from './backtest-options.ts';
import { parametersOf } from './parameters.ts';

const WIDTH = 30;

const row = (left: string, right: string): string =>
  left.length < WIDTH ? `  ${left.padEnd(WIDTH)}${right}\n` : `  ${left}\n  ${''.padEnd(WIDTH)}${right}\n`;

const usual = (value: string | undefined): string => (value === undefined ? '' : ` (${value})`);

export const BACKTEST_USAGE =
  'usage: omniquant backtest --strategy sma-cross --symbols AAPL --set fast=10 --report out.html\n' +
  '       omniquant backtest look-ahead|warm-up ...: examines a strategy for bias; --help has more\n' +
  optionEntries
    .map(([name, option]) =>
      row(
        `--${name}${option.value === undefined ? '' : ` <${option.value}>`}`,
        `${option.does}${usual(option.usual)}`,
      ),
    )
    .join('');

/** With the strategies that there are, or, of one that is named, its parameters. */
export function backtestHelp(
  { strategies }: BacktestExtensions,
  strategy: StrategyDefinition | null,
): string {
  if (strategy === null) return `${BACKTEST_USAGE}strategies: ${strategies.join(', ')}\n`;
  const parameters = parametersOf(strategy.config).map(({ allowed, description, name, usual: value }) =>
    row(`--set ${name}=<${allowed}>`, `${description}${usual(value)}`),
  );
  return `${BACKTEST_USAGE}${strategy.id}: ${strategy.description}\n${parameters.join('')}`;
}
