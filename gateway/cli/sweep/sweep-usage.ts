import type { StrategyDefinition, TunerDefinition } from '@omniquant/plugin-sdk';

import type { BacktestExtensions } from '../../backtests/backtest-extensions.ts';
import { parametersOf } from '../backtest/parameters.ts';
import { sweepOptionEntries } from './sweep-options.ts';

const WIDTH = 32;

const row = (left: string, right: string): string =>
  left.length < WIDTH ? `  ${left.padEnd(WIDTH)}${right}\n` : `  ${left}\n  ${''.padEnd(WIDTH)}${right}\n`;

const usual = (value: string | undefined): string => (value === undefined ? '' : ` (${value})`);

export const SWEEP_USAGE =
  'usage: omniquant sweep --strategy sma-cross --symbols AAPL --space fast=5..30:5 --space slow=20..200:20\n' +
  sweepOptionEntries
    .map(([name, option]) =>
      row(
        `--${name}${option.value === undefined ? '' : ` <${option.value}>`}`,
        `${option.does}${usual(option.usual)}`,
      ),
    )
    .join('');

/** With the strategies and tuners that there are, or, of those that are named, their parameters. */
export function sweepHelp(
  { strategies, tuners }: BacktestExtensions,
  strategy: StrategyDefinition | null,
  tuner: TunerDefinition | null,
): string {
  const rows = (option: string, schema: StrategyDefinition['config']): string =>
    parametersOf(schema)
      .map(({ allowed, description, name, usual: value }) =>
        row(`--${option} ${name}=<${allowed}>`, `${description}${usual(value)}`),
      )
      .join('');
  return [
    SWEEP_USAGE,
    strategy === null
      ? `strategies: ${strategies.join(', ')}\n`
      : `${strategy.id}: ${strategy.description}\n${rows('set', strategy.config)}`,
    tuner === null
      ? `tuners: ${tuners.join(', ')}\n`
      : `${tuner.id}: ${tuner.description}\n${rows('tuner-set', tuner.config)}`,
  ].join('');
}
