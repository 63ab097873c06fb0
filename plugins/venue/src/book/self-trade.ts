import type { SelfTradeMode } from './engine-order.ts';

/** Lots that self-trade prevention takes off the incoming order when it meets one of its owner. */
export function cutOfTaker(mode: SelfTradeMode, taker: number, maker: number): number {
  switch (mode) {
    case 'ALLOW':
    case 'CANCEL_OLDEST':
      return 0;
    case 'CANCEL_NEWEST':
    case 'CANCEL_BOTH':
      return taker;
    case 'DECREMENT_AND_CANCEL':
      return Math.min(taker, maker);
  }
}

/** Lots that it takes off the resting order. */
export function cutOfMaker(mode: SelfTradeMode, taker: number, maker: number): number {
  switch (mode) {
    case 'ALLOW':
    case 'CANCEL_NEWEST':
      return 0;
    case 'CANCEL_OLDEST':
    case 'CANCEL_BOTH':
      return maker;
    case 'DECREMENT_AND_CANCEL':
      return Math.min(taker, maker);
  }
}
