import type { Decimal } from '@omniquant/plugin-sdk';

import type { OrderEvent } from '../orders/order-event.ts';
import type { RiskLimits } from '../risk/limits.ts';
import type { StrategyEvent } from '../strategies/strategy-event.ts';

export type Environment = 'PAPER' | 'LIVE';
export type TradingState = 'ACTIVE' | 'REDUCING' | 'HALTED';
export type AlertSeverity = 'INFO' | 'WARNING' | 'CRITICAL';

/** Who changed a trading state; a state set by a rule is lifted by an operator or, DAILY_LOSS, by the next day. */
export type TradingStateSource = 'OPERATOR' | 'DAILY_LOSS' | 'DRAWDOWN' | 'GATEWAY';

export type AlertCode =
  | 'DAILY_LOSS'
  | 'DRAWDOWN'
  | 'OVERFILLED'
  | 'BRACKET_BOTH_FILLED'
  | 'BRACKET_CANCEL_IN_DOUBT'
  | 'LATE_FILL'
  | 'FILL_BUSTED'
  | 'ORDER_IN_DOUBT'
  | 'ORDER_ADOPTED'
  | 'EXTERNAL_ORDER'
  | 'POSITION_MISMATCH'
  | 'BALANCE_MISMATCH'
  | 'MISMATCH_RESOLVED'
  | 'TRADING_STATE'
  | 'STRATEGY_RESTARTED'
  | 'STRATEGY_STOPPED'
  | 'STRATEGY_FAILED'
  | 'TRIGGER_REFUSED'
  | 'UNEXPECTED_VENUE_MESSAGE';

/** What losses are measured from, after money has come or gone; null while there is no such mark yet. */
export interface FlowMarks {
  readonly dayOpenEquity: Decimal | null;
  readonly peakEquity: Decimal | null;
}

export type AccountEvent =
  | {
      readonly type: 'ACCOUNT_OPENED';
      readonly accountId: string;
      readonly workspaceId: string;
      readonly name: string;
      readonly broker: string;
      readonly environment: Environment;
      readonly baseCurrency: string;
      readonly limits: RiskLimits;
    }
  | { readonly type: 'LIMITS_CHANGED'; readonly limits: RiskLimits }
  | {
      readonly type: 'TRADING_STATE_CHANGED';
      readonly state: TradingState;
      readonly source: TradingStateSource;
      readonly reason: string;
    }
  /** Money in or out for another reason than a trade: the starting cash, a deposit, a dividend. Signed. */
  | {
      readonly type: 'TRANSFER_BOOKED';
      readonly reference: string;
      readonly currency: string;
      readonly amount: Decimal;
      readonly reason: string;
      /** Null where nothing moves. */
      readonly marks: FlowMarks | null;
    }
  /**
   * All fills up to the venue's cursor are booked: those that are asked for next come after it. A fill heard
   * on the order stream does not move it, since others may have been missed before.
   */
  | { readonly type: 'FILLS_SYNCED'; readonly cursor: string }
  /** The fee of a fill that the venue named after the fill. */
  | {
      readonly type: 'FEE_CHARGED';
      readonly orderId: string;
      readonly executionId: string;
      readonly currency: string;
      readonly amount: Decimal;
    }
  /** A trading day of the account began with this equity; the one before with `previous`, its flows counted in. */
  | {
      readonly type: 'DAY_OPENED';
      readonly day: string;
      readonly equity: Decimal;
      readonly previous: Decimal | null;
    }
  /** A new highest equity, from which drawdown is measured. */
  | { readonly type: 'EQUITY_PEAKED'; readonly equity: Decimal }
  /** The broker's position (or, without symbol, cash) has differed past its grace: entries are blocked. */
  | {
      readonly type: 'MISMATCH_FOUND';
      readonly symbol: string | null;
      readonly currency: string | null;
      readonly ours: Decimal;
      readonly theirs: Decimal;
    }
  /** Gone by itself (`resolution` null), or an operator took the broker's figure over. */
  | {
      readonly type: 'MISMATCH_CLEARED';
      readonly symbol: string | null;
      readonly currency: string | null;
      readonly resolution: {
        readonly reason: string;
        readonly adoptedQuantity: Decimal;
        /** What the position becomes; its change of cost counts as a transfer. Null for cash. */
        readonly position: {
          readonly cost: Decimal;
          readonly currency: string;
          readonly multiplier: Decimal;
        } | null;
        readonly marks: FlowMarks | null;
      } | null;
    }
  /** A venue order with our prefix that the journal lacked or had closed: blocks entries until an operator resolves it. */
  | { readonly type: 'ENTRIES_BLOCKED'; readonly cause: string }
  | { readonly type: 'ENTRIES_UNBLOCKED'; readonly cause: string; readonly reason: string }
  | {
      readonly type: 'RISK_ALERT';
      readonly code: AlertCode;
      readonly severity: AlertSeverity;
      readonly message: string;
      readonly orderId: string | null;
      readonly details: Readonly<Record<string, string | number | boolean | null>>;
    }
  /** An operator's act, for the audit log; the act itself is in the events beside it. */
  | {
      readonly type: 'OPERATOR_ACTED';
      readonly action: string;
      readonly target: string | null;
      readonly reason: string;
      readonly details: Readonly<Record<string, string | number | boolean | null>>;
    };

/** Everything an account's journal may hold. */
export type DomainEvent = AccountEvent | OrderEvent | StrategyEvent;

/** A numbered event with where it came from. The hash chain is the journal's matter. */
export interface JournaledEvent {
  readonly accountId: string;
  /** From 1, without holes. */
  readonly seq: number;
  /** Market time: every domain rule goes by it. Epoch ms. */
  readonly at: number;
  /** Wall time: rate limits, ages of requests. Epoch ms. */
  readonly recordedAt: number;
  readonly correlationId: string;
  /** Sequence of the event of the same account that caused it, if one. */
  readonly causationId: string | null;
  readonly traceparent: string | null;
  /** "user:<id>", "key:<id>", "strategy:<id>", "venue", "gateway". */
  readonly actor: string;
  readonly schema: number;
  readonly event: DomainEvent;
}

/** Version of the events above. Older ones pass upcasters when they are read; newer ones are refused. */
export const EVENT_SCHEMA = 3;
