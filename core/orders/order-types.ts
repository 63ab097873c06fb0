import type { OrderType } from '@omniquant/plugin-sdk';

/** What an order of a type is made of: the fields that it needs follow from this. */
interface OrderTypeTraits {
  /** Rests at a limit price (once triggered). */
  readonly limit: boolean;
  /** STOP triggers when the price runs away from the order, TOUCH when it comes towards it. */
  readonly trigger: 'STOP' | 'TOUCH' | null;
  readonly trailing: boolean;
}

const TRAITS: Readonly<Record<OrderType, OrderTypeTraits>> = {
  MARKET: { limit: false, trigger: null, trailing: false },
  LIMIT: { limit: true, trigger: null, trailing: false },
  STOP: { limit: false, trigger: 'STOP', trailing: false },
  STOP_LIMIT: { limit: true, trigger: 'STOP', trailing: false },
  TRAILING_STOP: { limit: false, trigger: 'STOP', trailing: true },
  TRAILING_STOP_LIMIT: { limit: true, trigger: 'STOP', trailing: true },
  MARKET_IF_TOUCHED: { limit: false, trigger: 'TOUCH', trailing: false },
  LIMIT_IF_TOUCHED: { limit: true, trigger: 'TOUCH', trailing: false },
};

export const ORDER_TYPES = Object.keys(TRAITS) as readonly OrderType[];

export const hasLimit = (type: OrderType): boolean => TRAITS[type].limit;
export const hasTrigger = (type: OrderType): boolean => TRAITS[type].trigger !== null;
export const triggerKind = (type: OrderType): 'STOP' | 'TOUCH' | null => TRAITS[type].trigger;
export const isTrailing = (type: OrderType): boolean => TRAITS[type].trailing;

/** What a triggered order becomes. */
export const triggeredType = (type: OrderType): 'MARKET' | 'LIMIT' =>
  TRAITS[type].limit ? 'LIMIT' : 'MARKET';
