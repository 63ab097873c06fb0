import type { Json, OrderSide } from '@omniquant/plugin-sdk';

import type { MarketDepth } from './market-depth.ts';
import { type CancelledBehind, frontAfter } from './queue-models.ts';
import { isAgainst, type MarketTrade, type RestingLine } from './resting-line.ts';

/** Where an order stands; lots. */
interface Place {
  readonly id: number;
  readonly side: OrderSide;
  readonly price: number;
  /** Of the market, before it. NaN while the feed does not show its price. */
  front: number;
  /** Size of its level when it was looked at last. */
  seen: number;
  /** Traded at its price since. */
  traded: number;
}

/** Sizes that are not known or without end are no JSON numbers. */
interface SavedPlace extends Omit<Place, 'front' | 'seen'> {
  readonly front: string;
  readonly seen: string;
}

/** Rounding of what a probability leaves. */
const NEARLY = 1e-9;

/** Estimates the places of orders in the queues of a book of which only the sizes of levels are known. */
export class QueueLine implements RestingLine {
  private places: Place[] = [];
  /** Lots of the trade at hand that went to orders of the run, which stand before those behind them. */
  private taken = 0;
  private readonly depth: MarketDepth;
  private readonly behind: CancelledBehind;
  private readonly unitsPerLot: number;

  constructor(depth: MarketDepth, behind: CancelledBehind, unitsPerLot: number) {
    this.depth = depth;
    this.behind = behind;
    this.unitsPerLot = unitsPerLot;
  }

  rested(id: number, side: OrderSide, price: number): void {
    const front = this.depth.lotsAt(side, price);
    this.places.push({ id, side, price, front, seen: front, traded: 0 });
  }

  left(id: number): void {
    this.places = this.places.filter((place) => place.id !== id);
  }

  traded({ lots, price, side }: MarketTrade): void {
    this.taken = 0;
    for (const place of this.places) {
      if (place.price !== price || !isAgainst(place.side, side)) continue;
      place.front -= lots;
      place.traded += lots;
    }
  }

  reached(id: number): number {
    const front = this.places.find((place) => place.id === id)?.front ?? NaN;
    return front < 0 ? Math.floor(-front + NEARLY) - this.taken : 0;
  }

  took(_id: number, lots: number): void {
    this.taken += lots;
  }

  tradeOver(): void {
    for (const place of this.places) if (place.front < 0) place.front = 0;
  }

  levelSet(side: OrderSide, price: number): void {
    for (const place of this.places) {
      if (place.price === price && place.side === side) this.look(place);
    }
  }

  bookMoved(isAnew: boolean): void {
    if (!isAnew) return;
    for (const place of this.places) {
      if (this.depth.lotsAt(place.side, place.price) !== place.seen) this.look(place);
    }
  }

  save(): Json {
    return this.places.map(({ front, id, price, seen, side, traded }) => ({
      ...{ id, price, side, traded },
      front: String(front),
      seen: String(seen),
    }));
  }

  restore(saved: Json): void {
    const places = saved as unknown as readonly SavedPlace[];
    this.places = places.map((place) => ({
      ...place,
      front: Number(place.front),
      seen: Number(place.seen),
    }));
  }

  private look(place: Place): void {
    const after = this.depth.lotsAt(place.side, place.price);
    const { front, seen: before, traded } = place;
    place.seen = after;
    place.traded = 0;
    // Out of sight nothing is learnt; what has come back or is seen first may all be before the order.
    if (Number.isNaN(after)) return;
    if (Number.isNaN(front)) place.front = after;
    else if (Number.isNaN(before)) place.front = Math.min(front, after);
    else place.front = frontAfter({ front, before, after, traded }, this.behind, this.unitsPerLot);
  }
}
