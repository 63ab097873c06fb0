import { type FileEvent, zoneOf } from '@omniquant/market-files';
import type { FeedInstrument } from '@omniquant/plugin-sdk';
import {
  type Fixed,
  formatDecimal,
  max,
  mulDiv,
  ONE,
  parseDecimal,
  roundToStep,
} from '@omniquant/plugin-sdk/decimal';

/** What the whole recording says of a symbol. */
export interface Edges {
  readonly firstPrice: string;
  readonly lastPrice: string;
}

/**
 * A recording that begins again. Round 0 is as it was recorded; each later one comes whole weeks after the one
 * before it, by the wall clock of the instrument's market, so that hours and days of the week stay. Its prices
 * begin where those of the round before had ended, rounded half-even to the tick.
 */
export interface Rounds {
  /** How much later round `round` is, ms of the wall clock. */
  shiftOf(round: number): number;
  /** An event of the recording as it is in a round. */
  place(event: FileEvent, round: number): FileEvent;
  /** The instant at which `at` of the recording is in a round, for an instrument. */
  instant(at: number, round: number, instrument: FeedInstrument): number;
}

const WEEK = 7 * 86_400_000;

export function createRounds(
  span: { readonly first: number; readonly last: number },
  edges: ReadonlyMap<string, Edges>,
  instruments: ReadonlyMap<string, FeedInstrument>,
): Rounds {
  // A day more, for the hour that clocks are changed by must not make rounds overlap.
  const length = Math.ceil((span.last - span.first + WEEK / 7) / WEEK) * WEEK;

  /** Last price of a round by the first of the recording, as a factor of two exact numbers. */
  function factor(symbol: string, round: number): readonly [Fixed, Fixed] {
    const known = edges.get(symbol);
    if (known === undefined || round === 0) return [ONE, ONE];
    const [first, last] = [parseDecimal(known.firstPrice), parseDecimal(known.lastPrice)];
    let opening = first;
    for (let each = 0; each < round; each += 1) opening = mulDiv(last, opening, first);
    return [opening, first];
  }

  const instant = (at: number, round: number, instrument: FeedInstrument): number => {
    if (round === 0) return at;
    const zone = zoneOf(instrument);
    const wall = zone.toWall(at) + round * length;
    return zone.fromWall(wall) ?? at + round * length;
  };

  function scaled(event: FileEvent, round: number, { tickSize }: FeedInstrument): FileEvent {
    const [numerator, denominator] = factor(event.symbol, round);
    const tick = parseDecimal(tickSize);
    const scale = (price: string): string => {
      const exact = mulDiv(parseDecimal(price), numerator, denominator);
      return formatDecimal(max(tick, roundToStep(exact, tick, 'half-even')));
    };
    const side = (price: string | null): string | null => (price === null ? null : scale(price));
    switch (event.kind) {
      case 'bar': {
        const { close, high, low, open } = event;
        return { ...event, open: scale(open), high: scale(high), low: scale(low), close: scale(close) };
      }
      case 'quote':
        return { ...event, bid: side(event.bid), ask: side(event.ask), last: side(event.last) };
      case 'trade':
        return { ...event, price: scale(event.price) };
    }
  }

  return {
    shiftOf: (round) => round * length,
    instant,
    place(event, round) {
      const instrument = instruments.get(event.symbol);
      if (round === 0 || instrument === undefined) return event;
      return { ...scaled(event, round, instrument), at: instant(event.at, round, instrument) };
    },
  };
}
