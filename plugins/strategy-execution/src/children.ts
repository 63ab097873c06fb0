import type {
  Json,
  PortfolioView,
  StrategyFill,
  StrategyOrderEvent,
  StrategyOrderView,
} from '@omniquant/plugin-sdk';
import { type Fixed, formatDecimal, max, parseDecimal } from '@omniquant/plugin-sdk/decimal';

type Child = {
  readonly quantity: string;
  readonly filled: string;
  /** When it ended short of its quantity, market time; null while nothing was heard of that. */
  readonly endedAt: number | null;
};

/**
 * The orders that may still fill. One that was cancelled, expired or rejected counts for some time after its
 * end, as fills are reported late: only then is its rest free to be ordered anew.
 */
export class Children {
  private readonly children = new Map<string, Child>();

  add(ref: string, quantity: Fixed): void {
    this.children.set(ref, { quantity: formatDecimal(quantity), filled: '0', endedAt: null });
  }

  onFill({ quantity, ref }: StrategyFill): void {
    const child = this.children.get(ref);
    if (child === undefined) return;
    const filled = formatDecimal(parseDecimal(child.filled) + parseDecimal(quantity));
    this.children.set(ref, { ...child, filled });
  }

  /** Whether it is one of these and has ended short of its quantity. */
  onOrderEvent({ ref, status }: StrategyOrderEvent, now: number): boolean {
    const child = this.children.get(ref);
    if (child === undefined) return false;
    switch (status) {
      case 'FILLED':
        this.children.delete(ref);
        return false;
      case 'DENIED':
        // It was never sent.
        this.children.delete(ref);
        return true;
      case 'REJECTED':
      case 'CANCELED':
      case 'EXPIRED':
        this.children.set(ref, { ...child, endedAt: child.endedAt ?? now });
        return true;
      default:
        return false;
    }
  }

  /** Forgets those that ended `settleMs` ago. */
  settle(now: number, settleMs: number): void {
    for (const [ref, { endedAt }] of this.children) {
      if (endedAt !== null && now - endedAt >= settleMs) this.children.delete(ref);
    }
  }

  /** What may still fill. */
  pending({ orders }: PortfolioView): Fixed {
    let pending = 0n;
    for (const [ref, { filled, quantity }] of this.children) {
      const seen = orders.find((order) => order.ref === ref)?.filledQuantity ?? filled;
      pending += max(0n, parseDecimal(quantity) - max(parseDecimal(seen), parseDecimal(filled)));
    }
    return pending;
  }

  /** Those that are open, newest first. */
  open({ orders }: PortfolioView): readonly StrategyOrderView[] {
    return orders.filter(({ ref }) => this.children.has(ref)).reverse();
  }

  /** Whether all have ended and settled. */
  get isEmpty(): boolean {
    return this.children.size === 0;
  }

  /** Takes as ended at `now` those that are not open and of whose end nothing was heard. */
  endUnseen({ orders }: PortfolioView, now: number): void {
    for (const [ref, child] of this.children) {
      if (child.endedAt !== null || orders.some((order) => order.ref === ref)) continue;
      this.children.set(ref, { ...child, endedAt: now });
    }
  }

  snapshot(): Json {
    return Object.fromEntries(this.children);
  }

  restore(snapshot: Json): void {
    this.children.clear();
    for (const [ref, child] of Object.entries(snapshot as Readonly<Record<string, Child>>)) {
      this.children.set(ref, child);
    }
  }
}
