import { type Fixed, multiply, ONE, toNumber } from '@omniquant/plugin-sdk/decimal';

import type { RoundTrip, TradeFill } from '../../../core/performance/round-trips.ts';
import { fillNotional } from '../../../core/portfolio/apply-fill.ts';
import { downsampleBars, MOST_BARS } from '../downsample.ts';
import { counted, formatCount, formatInstant, formatNumber, formatPrice, formatQuantity } from '../format.ts';
import type { PriceBar, PriceHistory, TearSheetInput } from '../tear-sheet-input.ts';
import { chart, type ChartMark, type ChartSpec, type ChartTrade, forScreen } from './chart-spec.ts';

/** Charts of as many symbols, those with the most traded value. */
const MOST_CHARTS = 6;
/** More lines from entry to exit than these would hide the prices. */
const MOST_TRADES = 400;

/** Number of the last bar that starts at `at` or before; the first for what comes before it. */
const barAt = (bars: readonly PriceBar[], at: number): number => {
  let low = 0;
  let high = bars.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (bars[middle]!.at <= at) low = middle;
    else high = middle - 1;
  }
  return low;
};

interface Executions {
  readonly bar: number;
  readonly side: TradeFill['side'];
  count: number;
  quantity: Fixed;
  priced: Fixed;
}

/** Executions of one side within one bar are one mark at their average price. */
const marksOf = (bars: readonly PriceBar[], fills: readonly TradeFill[]): ChartMark[] => {
  const merged = new Map<string, Executions>();
  for (const { at, side, quantity, price } of fills) {
    const bar = barAt(bars, at);
    const key = `${bar} ${side}`;
    const executions = merged.get(key) ?? { bar, side, count: 0, quantity: 0n, priced: 0n };
    merged.set(key, executions);
    executions.count += 1;
    executions.quantity += quantity;
    executions.priced += multiply(quantity, price);
  }
  return Array.from(merged.values(), ({ bar, side, count, quantity, priced }) => {
    const average = (priced * ONE) / quantity;
    const often = count === 1 ? '' : ` (${formatCount(count)} fills)`;
    return {
      ...{ bar, side, price: forScreen(toNumber(average), 9)! },
      text: `${side === 'BUY' ? 'Bought' : 'Sold'} ${formatQuantity(quantity)} at ${formatPrice(average)}${often}`,
    };
  });
};

const tradesOf = (bars: readonly PriceBar[], closed: readonly RoundTrip[]): ChartTrade[] =>
  closed.length > MOST_TRADES
    ? []
    : closed.map(({ openedAt, entryPrice, closedAt, exitPrice, netPnl }) => ({
        fromBar: barAt(bars, openedAt),
        fromPrice: forScreen(toNumber(entryPrice), 9)!,
        toBar: barAt(bars, closedAt),
        toPrice: forScreen(toNumber(exitPrice), 9)!,
        won: netPnl > 0n,
      }));

const alternativeOf = (symbol: string, bars: readonly PriceBar[], marks: readonly ChartMark[]): string => {
  const [first, last] = [bars[0]!, bars.at(-1)!];
  const highest = bars.reduce((top, { high }) => Math.max(top, high), -Infinity);
  const lowest = bars.reduce((low, bar) => Math.min(low, bar.low), Infinity);
  const price = (value: number): string => formatNumber(value, 2);
  const bought = marks.filter(({ side }) => side === 'BUY').length;
  return (
    `Price of ${symbol} from ${price(first.open)} on ${formatInstant(first.at)} to ${price(last.close)} on ` +
    `${formatInstant(last.at)} UTC, between ${price(lowest)} and ${price(highest)}; ` +
    `${counted(bought, 'mark')} of buying and ${formatCount(marks.length - bought)} of selling.`
  );
};

const priceChart = (
  { symbol, bars: all }: PriceHistory,
  at: number,
  input: TearSheetInput,
): ChartSpec | null => {
  // What was sampled before has one bar more at most, and is not halved again for it.
  const bars = downsampleBars(all, MOST_BARS + 2);
  if (bars.length === 0) return null;
  const fills = input.fills.filter((fill) => fill.symbol === symbol);
  const closed = input.performance.trades.closed.filter((trade) => trade.symbol === symbol);
  const marks = marksOf(bars, fills);
  const screen = (value: number): number => forScreen(value, 9)!;
  return chart({
    id: `price-${at + 1}`,
    title: symbol,
    caption: `Close and range of each bar, times in UTC. ${counted(fills.length, 'fill')}, ${counted(closed.length, 'closed trade')}.`,
    alternative: alternativeOf(symbol, bars, marks),
    size: 'TALL',
    axis: { kind: 'BAR', values: bars.map((bar) => bar.at) },
    series: [
      {
        ...{ label: 'Close', ink: 'neutral', style: 'LINE', kind: 'PRICE' },
        values: bars.map(({ close }) => screen(close)),
      },
    ],
    range: { low: bars.map(({ low }) => screen(low)), high: bars.map(({ high }) => screen(high)) },
    marks,
    trades: tradesOf(bars, closed),
  });
};

const tradedValues = (fills: readonly TradeFill[]): Map<string, Fixed> => {
  const values = new Map<string, Fixed>();
  for (const { symbol, price, quantity, multiplier, rate } of fills) {
    const value = multiply(fillNotional(price, quantity, multiplier ?? ONE), rate ?? ONE);
    values.set(symbol, (values.get(symbol) ?? 0n) + (value < 0n ? -value : value));
  }
  return values;
};

/** Charts of the symbols with the most traded value, and how many more have prices but no chart. */
export const priceCharts = (
  input: TearSheetInput,
): { readonly charts: readonly ChartSpec[]; readonly leftOut: number } => {
  const values = tradedValues(input.fills);
  const byValue = input.prices.toSorted((a, b) => {
    const [valueA, valueB] = [values.get(a.symbol) ?? 0n, values.get(b.symbol) ?? 0n];
    return valueA === valueB ? 0 : valueA > valueB ? -1 : 1;
  });
  return {
    charts: byValue
      .slice(0, MOST_CHARTS)
      .map((history, at) => priceChart(history, at, input))
      .filter((spec) => spec !== null),
    leftOut: Math.max(0, byValue.length - MOST_CHARTS),
  };
};
