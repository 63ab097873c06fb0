import { performanceOfBacktest, tradeFillOf } from '../../core/backtest/backtest-performance.ts';
import type { BacktestResult } from '../../core/backtest/backtest-result.ts';
import type { BacktestSettings } from '../../core/backtest/backtest-spec.ts';
import { toldActions } from '../backtests/told-actions.ts';
import { counted, formatCount, formatInstant } from './format.ts';
import type { Notice, ParameterGroup, PriceHistory, TearSheetInput } from './tear-sheet-input.ts';

/** Named in the subtitle; of more, how many there are. */
const NAMED_SYMBOLS = 5;

const symbolsOf = (symbols: readonly string[]): string =>
  symbols.length <= NAMED_SYMBOLS
    ? symbols.join(', ')
    : `${symbols.slice(0, NAMED_SYMBOLS).join(', ')} and ${formatCount(symbols.length - NAMED_SYMBOLS)} more`;

/** "DAY_1" as "1-day bars". */
const barsOf = (interval: BacktestSettings['interval']): string => {
  const [unit, count] = interval.toLowerCase().split('_');
  return `${count!}-${unit!} bars`;
};

const dateOf = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

const parametersOf = ({ settings, counts, metrics }: BacktestResult): readonly ParameterGroup[] => {
  const { strategy, config, symbols, interval, from, to, fees, fills, latency, limits } = settings;
  const { seed, startingCash, baseCurrency, calendar, orderHours, buyingPowerMultiplier, riskFree } =
    settings;
  const groups: readonly (readonly [title: string, values: ParameterGroup['values']])[] = [
    [`Strategy ${strategy}`, config],
    [
      'Run',
      {
        symbols,
        interval,
        from: dateOf(from),
        to: dateOf(to),
        startingCash,
        baseCurrency,
        seed,
        calendar,
        orderHours,
        buyingPowerMultiplier,
        riskFree,
        benchmark: settings.benchmark,
        borrowRate: settings.borrowRate ?? null,
        maintenanceMargin: settings.maintenanceMargin ?? null,
        corporateActions: toldActions(settings),
      },
    ],
    ['Fees', fees],
    ['Fills', fills],
    ['Latency', latency],
    ['Risk limits', { ...limits }],
    ['What was done', { ...counts }],
    ['Gauges of the strategy', metrics],
  ];
  return groups.flatMap(([title, values]) => (Object.keys(values).length === 0 ? [] : [{ title, values }]));
};

const noticesOf = ({ status, failure, counts, droppedLogs, endedAt }: BacktestResult): readonly Notice[] => {
  const list: Notice[] = [];
  if (failure !== null) {
    const { at, code, message } = failure;
    list.push({
      severity: 'WARNING',
      text: `The run failed on ${formatInstant(at)} UTC, and this is what it had done: ${code}: ${message}`,
    });
  } else if (status === 'RUNNING') {
    const until = endedAt === null ? '' : `, up to ${formatInstant(endedAt)} UTC`;
    list.push({
      severity: 'WARNING',
      text: `The run has not come to its end: this is how far it went${until}.`,
    });
  }
  if (counts.denied + counts.rejected > 0) {
    list.push({
      severity: 'INFO',
      text: `Of ${counted(counts.orders, 'order')}, risk rules denied ${formatCount(counts.denied)} and the venue rejected ${formatCount(counts.rejected)}.`,
    });
  }
  if (droppedLogs > 0) {
    list.push({
      severity: 'INFO',
      text: `${counted(droppedLogs, 'message')} of the strategy were not kept.`,
    });
  }
  return list;
};

/** What the tear sheet of a backtest shows; see `priceHistoryOf` for its prices, which the result does not hold. */
export const tearSheetOfBacktest = (
  result: BacktestResult,
  prices: readonly PriceHistory[],
): TearSheetInput => {
  const { settings, benchmark, fills, resultHash } = result;
  return {
    subject: 'BACKTEST',
    title: settings.strategy,
    subtitle: `${symbolsOf(settings.symbols)} · ${barsOf(settings.interval)}`,
    currency: settings.baseCurrency,
    performance: performanceOfBacktest(result),
    benchmark: benchmark === null ? null : settings.benchmark,
    fills: fills.map(tradeFillOf),
    prices,
    notices: noticesOf(result),
    parameters: parametersOf(result),
    resultHash,
    asOf: null,
  };
};
