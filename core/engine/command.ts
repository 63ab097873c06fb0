import type {
  BrokerEvent,
  BrokerOutcome,
  Decimal,
  OrderTerms,
  TimeInForce,
  TrailingOffsetType,
  VenueBalance,
  VenueOrder,
  VenuePosition,
} from '@omniquant/plugin-sdk';

import type { OrderOrigin } from '../orders/order.ts';
import type { RiskLimits } from '../risk/limits.ts';
import type { StrategyTerms } from '../strategies/strategy-event.ts';
import type { Environment, TradingState } from './account-event.ts';
import type { StepStrategy } from './decide/strategy-commands.ts';

export interface TakeProfitTerms {
  readonly limitPrice: Decimal;
}

export interface StopLossTerms {
  readonly stopPrice: Decimal | null;
  readonly limitPrice: Decimal | null;
  readonly trailingOffset: Decimal | null;
  readonly trailingOffsetType: TrailingOffsetType | null;
}

export interface PlaceOrder {
  readonly kind: 'placeOrder';
  readonly clientOrderId: string;
  /** SHA-256 of the request's canonical form, made by the caller. */
  readonly requestHash: string;
  /** Ids the order and its legs get if they are made; supplied, so that deciding stays deterministic. */
  readonly orderId: string;
  readonly takeProfitId: string;
  readonly stopLossId: string;
  readonly terms: OrderTerms;
  readonly takeProfit: TakeProfitTerms | null;
  readonly stopLoss: StopLossTerms | null;
  readonly strategyId: string | null;
  readonly origin: OrderOrigin;
}

/** What is undefined stays as it is. */
export interface ReplaceOrder {
  readonly kind: 'replaceOrder';
  readonly orderId: string;
  readonly requestId: string;
  readonly quantity?: Decimal;
  readonly limitPrice?: Decimal;
  readonly stopPrice?: Decimal;
  readonly trailingOffset?: Decimal;
  readonly timeInForce?: TimeInForce;
  readonly expireAt?: number;
}

/** Reduce-only market order for all or part of a position; side and quantity come from the state. */
export interface ClosePosition {
  readonly kind: 'closePosition';
  readonly clientOrderId: string;
  readonly requestHash: string;
  readonly orderId: string;
  readonly symbol: string;
  readonly quantity: Decimal | null;
}

/** What clients and operators ask for. */
export type ClientCommand =
  | PlaceOrder
  | ReplaceOrder
  | ClosePosition
  | { readonly kind: 'cancelOrder'; readonly orderId: string; readonly reason: string | null }
  | { readonly kind: 'cancelAllOrders'; readonly symbol: string | null; readonly reason: string | null }
  | {
      readonly kind: 'openAccount';
      readonly accountId: string;
      readonly workspaceId: string;
      readonly name: string;
      readonly broker: string;
      readonly environment: Environment;
      readonly baseCurrency: string;
      readonly startingCash: Decimal | null;
      readonly limits: RiskLimits;
    }
  | { readonly kind: 'setRiskLimits'; readonly limits: Partial<RiskLimits> }
  | {
      readonly kind: 'setTradingState';
      readonly state: TradingState;
      readonly cancelOpenOrders: boolean;
      readonly reason: string;
      readonly source: 'OPERATOR' | 'GATEWAY';
    }
  | {
      readonly kind: 'resolveOrder';
      readonly orderId: string;
      readonly resolution: 'NOT_AT_VENUE' | 'CANCELED' | 'EXPIRED';
      readonly reason: string;
    }
  | {
      readonly kind: 'resolveMismatch';
      /** Null: all mismatches and entry blocks. */
      readonly symbol: string | null;
      readonly reason: string;
    }
  | { readonly kind: 'startStrategy'; readonly terms: StrategyTerms }
  | { readonly kind: 'stopStrategy'; readonly strategyId: string; readonly cancelOpenOrders: boolean }
  /** Given together with what the step wishes, as the commands that follow: all of it commits, or none. */
  | ({ readonly kind: 'stepStrategy' } & StepStrategy)
  | { readonly kind: 'restartStrategy'; readonly strategyId: string; readonly error: string }
  | {
      readonly kind: 'endStrategy';
      readonly strategyId: string;
      readonly status: 'STOPPED' | 'FAILED';
      readonly error: string | null;
    };

/** What the venue, the market and the clock bring. */
export type SystemCommand =
  | { readonly kind: 'brokerEvent'; readonly event: BrokerEvent }
  /** The answer to a submit, replace or cancel of one revision. */
  | {
      readonly kind: 'brokerOutcome';
      readonly request: 'submit' | 'replace' | 'cancel';
      readonly orderId: string;
      readonly revision: number;
      readonly outcome: BrokerOutcome;
    }
  /** Everything that `fillsSince` gave up to this cursor has been handed over. */
  | { readonly kind: 'fillsSynced'; readonly cursor: string }
  /** After a restart or takeover: every Submitted order without an answer is in doubt. */
  | { readonly kind: 'recover' }
  /** What a lookup or a full list says about one of our orders. */
  | { readonly kind: 'venueOrder'; readonly order: VenueOrder }
  /** An order in doubt goes out again under its venue id; the runtime has checked its age and the lookups. */
  | { readonly kind: 'resubmit'; readonly orderId: string }
  /** The evidence is complete: the venue never had this order (revision). */
  | {
      readonly kind: 'notAtVenue';
      readonly orderId: string;
      readonly revision: number;
      readonly evidence: string;
    }
  /**
   * All positions and balances of the venue, as the reconciliation took them: given when a difference
   * has outlasted its grace, and when one that was found has gone. What is not listed is zero there.
   */
  | {
      readonly kind: 'venueSnapshot';
      readonly positions: readonly VenuePosition[];
      readonly balances: readonly VenueBalance[];
    }
  /** A quote of a symbol that this account has a trigger or position in. */
  | { readonly kind: 'marketMoved'; readonly symbols: readonly string[] }
  /** Once a second and at each session boundary: expiries, the day's roll, lifted halts. */
  | { readonly kind: 'clockTicked' };

export type Command = ClientCommand | SystemCommand;
