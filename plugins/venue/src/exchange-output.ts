import type { BrokerEvent, Decimal, OrderSide, VenueFill } from '@omniquant/plugin-sdk';

import type { AccountState } from './account-ledger.ts';
import type { CommandOutcome } from './commands.ts';
import type { OrderState } from './order-state.ts';

/** A message to an account's order stream; numbers are the account's own, without holes. */
export interface AccountMessage {
  readonly account: string;
  readonly seq: number;
  readonly event: BrokerEvent;
}

/** An event without what its order already says. */
export type OrderNews = BrokerEvent extends infer E
  ? E extends { brokerOrderId: string }
    ? DistributiveNews<E>
    : never
  : never;
type DistributiveNews<E> = Omit<E, 'account' | 'venueOrderId' | 'brokerOrderId' | 'at'>;

/** What concerns executions, in the venue's order: the list behind `fillsSince`. */
export interface ExecutionReport {
  /** Place in the list of all accounts. */
  readonly cursor: number;
  readonly account: string;
  readonly event: VenueFill | Extract<BrokerEvent, { kind: 'busted' | 'feeCharged' }>;
}

/** One execution as the venue keeps it. */
export interface ExecutionRecord {
  readonly executionId: string;
  readonly orderId: number;
  readonly account: string;
  readonly symbol: string;
  readonly side: OrderSide;
  /** Ticks. */
  readonly price: number;
  readonly lots: number;
  /** What has been charged; '0' while a late fee is outstanding. */
  readonly fee: Decimal;
  readonly busted: boolean;
}

/** What is to be done at a later market time. */
export interface Deferred {
  readonly kind: 'bust' | 'fee';
  readonly dueAt: number;
  readonly executionId: string;
  /** Of a late fee. */
  readonly fee: Decimal;
}

/** A command that was scheduled, when it has been carried out. */
export interface ScheduledOutcome {
  readonly ticket: number;
  readonly outcome: CommandOutcome;
}

/** Everything that changed since the last output: what a store has to keep before anyone hears of it. */
export interface ExchangeOutput {
  readonly outcomes: readonly ScheduledOutcome[];
  readonly messages: readonly AccountMessage[];
  /** As they are now, each once. */
  readonly orders: readonly OrderState[];
  readonly executions: readonly ExecutionRecord[];
  readonly reports: readonly ExecutionReport[];
  readonly accounts: readonly AccountState[];
}

/** Where an exchange finds what it no longer holds in memory: orders that are done, and executions. */
export interface ExchangeArchive {
  order(account: string, venueOrderId: string): OrderState | undefined;
  orderById(id: number): OrderState | undefined;
  execution(executionId: string): ExecutionRecord | undefined;
}
