import {
  type BacktestOption,
  type CommandOption,
  optionEntries,
  optionOf,
} from '../backtest/backtest-options.ts';

/* The options of `omniquant sweep` besides those of a backtest. */

const OWN = {
  space: {
    ...{ type: 'string', multiple: true, value: 'name=values', setting: 'space' },
    usual: 'what the schema of the strategy says',
    does: 'a parameter that is searched: fast=5..30:5, rate=0.001..1:log, method=sma,ema; once for each',
  },
  tuner: {
    ...{ type: 'string', value: 'id', setting: 'tuner', usual: 'grid up to 1000 points, else tpe' },
    does: 'grid, random, tpe, cma-es, or one of a loaded plugin',
  },
  trials: {
    ...{ type: 'string', value: 'number', setting: 'tunerConfig.trials', usual: 'that of the tuner' },
    does: 'parameter sets that are tried; a grid has as many as it has',
  },
  'tuner-set': {
    ...{ type: 'string', multiple: true, value: 'name=value', setting: 'tunerConfig' },
    does: 'a parameter of the tuner; once for each',
  },
  objective: {
    ...{ type: 'string', value: 'figure', setting: 'objective', usual: 'sharpe' },
    does: 'any figure of a performance: sortino, calmar, totalReturn, maxDrawdown, profitFactor ...',
  },
  direction: {
    ...{
      type: 'string',
      value: 'MAXIMIZE|MINIMIZE',
      setting: 'direction',
      usual: 'where the figure gets better',
    },
    does: 'what is wanted of it',
  },
  'min-trades': {
    ...{ type: 'string', value: 'number', setting: 'minimumTrades', usual: '0' },
    does: 'closed trades that a parameter set has to have to count',
  },
  'walk-forward': {
    ...{ type: 'string', value: 'rolling|anchored', setting: 'walkForward.mode', usual: 'none' },
    does: 'searches in one span of time, and tests the best in the next, again and again',
  },
  train: {
    ...{ type: 'string', value: 'span', setting: 'walkForward.trainDays' },
    does: 'of each search: 500d, 26w, 18m, 2y',
  },
  test: { type: 'string', value: 'span', setting: 'walkForward.testDays', does: 'of each test' },
  step: {
    ...{ type: 'string', value: 'span', setting: 'walkForward.stepDays', usual: 'that of a test' },
    does: 'from one window to the next',
  },
  embargo: {
    ...{ type: 'string', value: 'span', setting: 'walkForward.embargoDays', usual: '0d' },
    does: 'left out between search and test',
  },
  workers: {
    ...{ type: 'string', value: 'number', usual: 'the processors of this machine' },
    does: 'threads; the result does not depend on them',
  },
  report: {
    ...{ type: 'string', value: 'file' },
    does: 'writes the tear sheet of the best parameter set, one HTML file; not with --walk-forward',
  },
  'csv-dir': {
    ...{ type: 'string', value: 'folder' },
    does: 'writes performance, equity, trades, orders and fills of the best parameter set; not with --walk-forward',
  },
  csv: { type: 'string', value: 'file', does: 'writes every parameter set with its figures' },
  json: { type: 'boolean', does: 'prints the result as JSON instead of tables' },
  help: { type: 'boolean', does: 'this; with --strategy also its parameters' },
} as const satisfies Readonly<Record<string, CommandOption>>;

/** Of a backtest, what makes no sense for many of them. */
const OF_ONE_RUN: readonly BacktestOption[] = ['report', 'csv-dir', 'json', 'help'];

const ofRuns = optionEntries.filter(([name]) => !OF_ONE_RUN.includes(name));

export const sweepOptionEntries: readonly (readonly [string, CommandOption])[] = [
  ...ofRuns,
  ...(Object.entries(OWN) as readonly (readonly [string, CommandOption])[]),
];

const ownEntries = Object.entries(OWN) as readonly (readonly [string, CommandOption])[];

/** How the command line has a setting of a SweepRequest, such as "--space fast" for "space.fast.max". */
export function sweepOptionOf(field: string): string {
  const [, ofBacktest] = /^backtest\.(.*)$/.exec(field) ?? [];
  if (ofBacktest !== undefined) return optionOf(ofBacktest);
  const exact = ownEntries.find(([, { setting }]) => setting === field);
  if (exact !== undefined) return `--${exact[0]}`;
  const [, place = '', rest = ''] = /^([^.]+)\.(.*)$/.exec(field) ?? [];
  const found = ownEntries.find(([, { setting }]) => setting === place);
  if (found === undefined) return field === 'seed' ? '--seed' : field;
  return `--${found[0]} ${rest.replace(/(\.(min|max|step|scale)|\[\d+\])$/, '')}`;
}
