import { type Fixed, formatDecimal, toNumber } from '@omniquant/plugin-sdk/decimal';
import type { PortfolioData } from '@omniquant/plugin-sdk/strategy-view';

import { averagePrice } from '../portfolio/apply-fill.ts';
import type { Position } from '../portfolio/position.ts';

type ShownPosition = PortfolioData['positions'][number];

/** A holding as it was when it was last looked at. */
interface Known {
  readonly realizedPnl: Fixed;
  /** Null where nothing is held. */
  readonly shown: ShownPosition | null;
}

const knownOf = (position: Position): Known => ({
  realizedPnl: position.realizedPnl,
  shown:
    position.quantity === 0n
      ? null
      : {
          symbol: position.symbol,
          quantity: formatDecimal(position.quantity),
          averagePrice: toNumber(averagePrice(position) ?? 0n),
        },
});

/**
 * What a strategy holds, as it is shown to it. A fill changes one symbol of hundreds, so only what has been touched is
 * looked at again, and the list stays the same one as long as no position is another.
 */
export class ShownHoldings {
  private readonly holdings: ReadonlyMap<string, Position>;
  /** By symbol. */
  private readonly known = new Map<string, Known>();
  private list: readonly ShownPosition[] | null = null;
  private total: Fixed = 0n;

  constructor(holdings: ReadonlyMap<string, Position>) {
    this.holdings = holdings;
    for (const symbol of holdings.keys()) this.touch(symbol);
  }

  /** In the order in which the symbols were first traded; those that are held. */
  get positions(): readonly ShownPosition[] {
    if (this.list === null) {
      const list: ShownPosition[] = [];
      for (const symbol of this.holdings.keys()) {
        const shown = this.known.get(symbol)?.shown ?? null;
        if (shown !== null) list.push(shown);
      }
      this.list = list;
    }
    return this.list;
  }

  get realizedPnl(): number {
    return toNumber(this.total);
  }

  /** Whether it shows these holdings. */
  shows(holdings: ReadonlyMap<string, Position>): boolean {
    return this.holdings === holdings;
  }

  /** Something has happened to an order of a symbol. */
  touch(symbol: string): void {
    const position = this.holdings.get(symbol);
    if (position === undefined) return;
    const before = this.known.get(symbol);
    const now = knownOf(position);
    this.known.set(symbol, now);
    this.total += now.realizedPnl - (before?.realizedPnl ?? 0n);
    const isSame =
      before?.shown?.quantity === now.shown?.quantity &&
      before?.shown?.averagePrice === now.shown?.averagePrice;
    if (!isSame) this.list = null;
  }
}
