import type { BrokerRejection, OrderTerms } from '@omniquant/plugin-sdk';

export interface SubmitCommand {
  readonly kind: 'submit';
  readonly account: string;
  /** Null for an order that is placed without a gateway. */
  readonly venueOrderId: string | null;
  readonly terms: OrderTerms;
}

export interface ReplaceCommand {
  readonly kind: 'replace';
  readonly account: string;
  readonly previousVenueOrderId: string | null;
  readonly previousBrokerOrderId: string | null;
  readonly venueOrderId: string | null;
  readonly terms: OrderTerms;
}

/** Names the order by either of its ids; the venue order id goes first. */
export interface CancelCommand {
  readonly kind: 'cancel';
  readonly account: string;
  readonly venueOrderId: string | null;
  readonly brokerOrderId: string | null;
}

/** What an account may ask of the venue. */
export type VenueCommand = SubmitCommand | ReplaceCommand | CancelCommand;

export interface Refusal {
  readonly code: BrokerRejection;
  readonly message: string;
}

/** The venue's answer to a command. `at` is market time. */
export type CommandOutcome =
  | { readonly kind: 'accepted'; readonly brokerOrderId: string; readonly at: number }
  | ({ readonly kind: 'rejected'; readonly at: number } & Refusal);
