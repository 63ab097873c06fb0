import type { OrderSide } from '@omniquant/plugin-sdk';

import type { MarketDepth } from './market-depth.ts';

/** What makes a level whole again after orders of the run have traded with it; see fills-schema.ts. */
export type Replenish = 'UPDATE' | 'ADDED' | 'EMPTIED';

/** A level of which orders have taken something; JSON, as sizes are finite where something is gone. */
interface ConsumedLevel {
  /** Whose orders stand there. */
  readonly side: OrderSide;
  readonly price: number;
  /** Lots of the level by the feed, when it was looked at last. */
  shown: number;
  left: number;
  /** Of it, since it was whole. */
  taken: number;
}

/** Levels of which something is gone. History does not know of it, so the feed still shows them as they were. */
export class ConsumedLevels {
  private levels: ConsumedLevel[] = [];
  private readonly replenish: Replenish;

  constructor(replenish: Replenish) {
    this.replenish = replenish;
  }

  /** Of `shown` lots those that are left. */
  left(side: OrderSide, price: number, shown: number): number {
    return this.levels.length === 0 ? shown : (this.find(side, price)?.left ?? shown);
  }

  take(side: OrderSide, price: number, shown: number, lots: number): void {
    if (shown === Infinity) return;
    const known = this.find(side, price);
    if (known === undefined) {
      this.levels.push({ side, price, shown, left: shown - lots, taken: lots });
      return;
    }
    known.left -= lots;
    known.taken += lots;
  }

  /** The feed has changed the book. */
  refresh(depth: MarketDepth): void {
    if (this.levels.length === 0) return;
    this.levels = this.levels.filter((level) => {
      const shown = depth.lotsAt(level.side, level.price);
      // A level out of sight, of a feed that shows the best only, is a new one when it comes back.
      if (!(shown > 0)) return false;
      if (shown === level.shown) return true;
      level.left = this.leftAt(level, shown);
      level.shown = shown;
      return level.left < shown;
    });
  }

  save(): readonly ConsumedLevel[] {
    return this.levels.map((level) => ({ ...level }));
  }

  restore(saved: readonly ConsumedLevel[]): void {
    this.levels = saved.map((level) => ({ ...level }));
  }

  private leftAt({ left, shown: before, taken }: ConsumedLevel, shown: number): number {
    switch (this.replenish) {
      case 'UPDATE':
        return shown;
      case 'ADDED':
        return Math.min(shown, left + Math.max(0, shown - before));
      case 'EMPTIED':
        return Math.max(0, shown - taken);
    }
  }

  private find(side: OrderSide, price: number): ConsumedLevel | undefined {
    return this.levels.find((level) => level.price === price && level.side === side);
  }
}
