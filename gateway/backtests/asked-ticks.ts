import type { StrategyInputs } from '@omniquant/plugin-sdk';

import type { BacktestSettings } from '../../core/backtest/backtest-spec.ts';
import type { TickKind, TickSeries } from '../../core/backtest/tick-source.ts';
import { badSetting } from './bad-setting.ts';

/** What a strategy asks for besides bars. */
export type AskedTicks = Pick<Required<StrategyInputs>, 'quotes' | 'trades'>;

/** The kinds that tell each: a book has quotes, and single orders have trades. Bars have neither. */
const TELL = {
  quotes: ['QUOTES', 'L2', 'L3'],
  trades: ['TRADES', 'L3'],
} as const satisfies Readonly<Record<keyof AskedTicks, readonly TickKind[]>>;

export interface KnownTicks {
  /** Series that the run is going to read. */
  readonly read: readonly TickSeries[];
  /** All that the data has. */
  readonly there: readonly TickSeries[];
}

/**
 * Nobody waits for what never comes: throws BacktestError BAD_USER_INPUT for a strategy that asks for quotes or trades and
 * would be given none of a symbol. `field` is `data` where that leaves out what is there, else `strategy`.
 */
export function requireAskedTicks(
  { data, strategy, symbols }: Pick<BacktestSettings, 'data' | 'strategy' | 'symbols'>,
  asked: AskedTicks,
  { read, there }: KnownTicks,
): void {
  for (const what of ['quotes', 'trades'] as const) {
    if (!asked[what]) continue;
    const tell: readonly TickKind[] = TELL[what];
    const kindsOf = (symbol: string, series: readonly TickSeries[]): readonly TickKind[] =>
      series.flatMap((each) => (each.symbol === symbol ? [each.kind] : []));
    const without = symbols.find((symbol) => !kindsOf(symbol, read).some((kind) => tell.includes(kind)));
    if (without === undefined) continue;
    const kinds = kindsOf(without, there);
    const usable = kinds.filter((kind) => tell.includes(kind));
    if (usable.length > 0) {
      const named = (data ?? []).join(', ');
      throw badSetting(
        'data',
        `is ${named}, and ${strategy} asks for ${what}: add ${usable.join(' or ')}, which there are of ${without}`,
      );
    }
    throw badSetting(
      'strategy',
      `is ${strategy}, which asks for ${what}, and of ${without} there are ${['BARS', ...kinds].join(', ')}: ` +
        `import ${tell.join(', ')} of it (omniquant data import --kind ${what})`,
    );
  }
}
