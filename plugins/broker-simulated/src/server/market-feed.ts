import type { VenueQuote, VenueTrade } from '@omniquant/plugin-sdk';
import type { InstrumentGrid } from '@omniquant/venue/instrument-grid';
import type { MarketReplay } from '@omniquant/venue/market-replay';
import { MINUTE_MS } from '@omniquant/venue/new-york-time';
import type { Session } from '@omniquant/venue/trading-days';

/** Up to that many trades of a symbol are told one by one; more are told by their extremes. */
const SINGLE_TRADES = 40;

interface Print {
  readonly at: number;
  readonly price: number;
  volume: number;
}

/** What the venue tells about a symbol's market: derived from the replay, so nothing is kept. */
export class MarketFeed {
  private readonly replay: MarketReplay;
  private readonly gridOf: (symbol: string) => InstrumentGrid | undefined;

  constructor(replay: MarketReplay, gridOf: (symbol: string) => InstrumentGrid | undefined) {
    this.replay = replay;
    this.gridOf = gridOf;
  }

  /** The quote at a market time; while the market is closed, the last one before. Null before the first day. */
  quote(symbol: string, at: number): VenueQuote | null {
    const grid = this.gridOf(symbol);
    const tick = this.replay.latestTick(symbol, at);
    if (grid === undefined || tick === undefined) return null;
    return {
      symbol,
      at: this.replay.days.isOpen(at) ? at : tick.at,
      bid: grid.price(tick.bid),
      ask: grid.price(tick.ask),
      bidSize: grid.quantity(tick.bidSize),
      askSize: grid.quantity(tick.askSize),
      last: grid.price(tick.last),
    };
  }

  /**
   * Trades after `from` up to `to`. When there are many, each minute is told by its first, highest,
   * lowest and last trade with the volume of all, so that bars made of them are exact from a minute on.
   */
  trades(symbol: string, from: number, to: number): VenueTrade[] {
    const grid = this.gridOf(symbol);
    if (grid === undefined) return [];
    const trades: VenueTrade[] = [];
    let at = from;
    while (at < to) {
      const session = this.replay.days.sessionFrom(at);
      if (session.open > to) break;
      const prints = this.prints(symbol, session, at, to);
      const told = prints.length <= SINGLE_TRADES ? prints : perMinute(prints);
      for (const print of told) {
        trades.push({
          symbol,
          at: print.at,
          price: grid.price(print.price),
          size: grid.quantity(print.volume),
        });
      }
      at = session.close;
    }
    return trades;
  }

  private prints(symbol: string, session: Session, from: number, to: number): Print[] {
    const first = from < session.open ? 0 : this.replay.stepAt(session, from) + 1;
    const last = this.replay.stepAt(session, to);
    const prints: Print[] = [];
    for (let step = first; step <= last; step += 1) {
      const tick = this.replay.tick(symbol, session, step);
      if (tick === undefined || tick.volume === 0) continue;
      prints.push({ at: tick.at, price: tick.last, volume: tick.volume });
    }
    return prints;
  }
}

const perMinute = (prints: readonly Print[]): Print[] =>
  [...Map.groupBy(prints, ({ at }) => Math.floor(at / MINUTE_MS)).values()].flatMap(extremes);

/** First, highest, lowest and last, in order of time; what the others traded is added to the last. */
const extremes = (prints: readonly Print[]): Print[] => {
  const [first] = prints;
  const last = prints.at(-1);
  if (first === undefined || last === undefined) return [];
  let [high, low] = [first, first];
  let total = 0;
  for (const print of prints) {
    if (print.price > high.price) high = print;
    if (print.price < low.price) low = print;
    total += print.volume;
  }
  const kept = [...new Set([first, high, low, last])]
    .sort((a, b) => a.at - b.at)
    .map((print) => ({ ...print }));
  const told = kept.reduce((sum, { volume }) => sum + volume, 0);
  const closing = kept.at(-1);
  if (closing !== undefined) closing.volume += total - told;
  return kept;
};
