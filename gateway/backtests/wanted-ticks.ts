import type { BacktestSettings } from '../../core/backtest/backtest-spec.ts';
import type { TickColumns, TickKind, TickSeries } from '../../core/backtest/tick-source.ts';
import { checkFillData } from '../../core/backtest/ticks/check-fill-data.ts';
import { type AskedTicks, requireAskedTicks } from './asked-ticks.ts';
import { badSetting } from './bad-setting.ts';
import { type MarketDataSource, nameOfTicks, type StoredTicks } from './market-data/market-data-source.ts';

/** Ticks that a run is going to read. */
export interface WantedTicks {
  readonly series: TickSeries;
  /** Time of the last row that it reads, epoch ms. */
  readonly lastAt: number;
  readonly read: (signal: AbortSignal) => AsyncIterable<TickColumns[TickKind]>;
}

/**
 * What of the data is read besides bars: what the settings name, else what the strategy asks for and what the fill model
 * needs, of each symbol as far as it is there.
 * @throws BacktestError BAD_USER_INPUT with the field: for data that are named and not there, for a strategy that asks for
 * what is not read, and for a fill model that those that are read do not do for.
 */
export function wantedTicks(
  settings: BacktestSettings,
  wants: AskedTicks,
  data: MarketDataSource,
): readonly WantedTicks[] {
  const { fills, from, symbols, to } = settings;
  const there = new Map(
    symbols.map((symbol) => [symbol, data.ticks().filter((each) => each.symbol === symbol)]),
  );
  const named = settings.data ?? null;
  const found = symbols.flatMap((symbol) => {
    const stored = there.get(symbol) ?? [];
    return named === null ? usefulTicks(fills.model, wants, stored) : namedTicks(named, symbol, stored);
  });
  requireAskedTicks(settings, wants, { read: found, there: data.ticks() });
  const kinds = Map.groupBy(found, ({ symbol }) => symbol);
  checkFillData(
    settings,
    new Map([...kinds].map(([symbol, all]) => [symbol, new Set(all.map(({ kind }) => kind))])),
  );
  // What happens at `to` still counts.
  const range = { from, to: to === null ? null : to + 1 };
  return found.map(({ kind, last, symbol }) => ({
    series: { symbol, kind },
    lastAt: Math.min(last, to ?? Infinity),
    read: (signal) => data.readTicks({ symbol, kind }, range, signal),
  }));
}

/** Whichever of some kinds is there first. */
const firstOf = (stored: readonly StoredTicks[], ...kinds: readonly TickKind[]): readonly StoredTicks[] =>
  kinds
    .map((kind) => stored.find((each) => each.kind === kind))
    .filter((each) => each !== undefined)
    .slice(0, 1);

/** What a fill model needs of a symbol: the least that will do. */
function neededBy(
  model: BacktestSettings['fills']['model'],
  stored: readonly StoredTicks[],
): readonly StoredTicks[] {
  switch (model) {
    case 'L2_WALK':
      return firstOf(stored, 'L2', 'L3');
    case 'L3_FIFO':
      return firstOf(stored, 'L3');
    case 'QUEUE_POSITION': {
      const [trades, sizes] = [firstOf(stored, 'TRADES'), firstOf(stored, 'L2', 'QUOTES')];
      const isWhole = trades.length > 0 && sizes.length > 0;
      return isWhole ? [...trades, ...sizes] : firstOf(stored, 'L3');
    }
    default:
      return [];
  }
}

/** A book tells quotes, and single orders tell trades, too. */
function usefulTicks(
  model: BacktestSettings['fills']['model'],
  { quotes, trades }: AskedTicks,
  stored: readonly StoredTicks[],
): readonly StoredTicks[] {
  const needed = neededBy(model, stored);
  const has = (...kinds: readonly TickKind[]): boolean => needed.some(({ kind }) => kinds.includes(kind));
  return [
    ...new Set([
      ...needed,
      ...(quotes && !has('L2', 'L3') ? firstOf(stored, 'QUOTES', 'L2', 'L3') : []),
      ...(trades && !has('L3') ? firstOf(stored, 'TRADES', 'L3') : []),
    ]),
  ];
}

function namedTicks(
  named: NonNullable<BacktestSettings['data']>,
  symbol: string,
  stored: readonly StoredTicks[],
): readonly StoredTicks[] {
  return named.flatMap((kind, index) => {
    if (kind === 'BARS') return [];
    const found = stored.find((each) => each.kind === kind);
    if (found !== undefined) return [found];
    const others = ['BARS', ...stored.map((each) => each.kind)].join(', ');
    throw badSetting(
      `data[${String(index)}]`,
      `is ${kind}, and there are no ${nameOfTicks(kind)} of ${symbol}: there are ${others}`,
    );
  });
}
