import type { OrderType } from '../../order-terms.ts';

/** What an order of a type is made of: the prices that it needs follow from this. */
interface Traits {
  readonly limit: boolean;
  /** STOP: when the price runs away from the order. TOUCH: when it comes towards it. */
  readonly trigger: 'STOP' | 'TOUCH' | null;
  readonly trailing: boolean;
}

export const TRAITS: Readonly<Record<OrderType, Traits>> = {
  MARKET: { limit: false, trigger: null, trailing: false },
  LIMIT: { limit: true, trigger: null, trailing: false },
  STOP: { limit: false, trigger: 'STOP', trailing: false },
  STOP_LIMIT: { limit: true, trigger: 'STOP', trailing: false },
  TRAILING_STOP: { limit: false, trigger: 'STOP', trailing: true },
  TRAILING_STOP_LIMIT: { limit: true, trigger: 'STOP', trailing: true },
  MARKET_IF_TOUCHED: { limit: false, trigger: 'TOUCH', trailing: false },
  LIMIT_IF_TOUCHED: { limit: true, trigger: 'TOUCH', trailing: false },
};
