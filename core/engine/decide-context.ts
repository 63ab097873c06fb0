import type { BrokerCapabilities } from '@omniquant/plugin-sdk';
import type { Fixed } from '@omniquant/plugin-sdk/decimal';

import type { Instrument } from '../market/instrument.ts';
import type { Order } from '../orders/order.ts';
import type { Position } from '../portfolio/position.ts';
import type { TradingState } from './account-event.ts';

/** Top of the book as the engine sees it. */
export interface MarketQuote {
  readonly symbol: string;
  /** Market time, epoch ms. */
  readonly at: number;
  /** Wall time of receipt, epoch ms: staleness goes by it. */
  readonly receivedAt: number;
  readonly bid: Fixed | null;
  readonly ask: Fixed | null;
  readonly last: Fixed | null;
}

/** What a decision may look at of the market. All of it is a snapshot taken when the command is decided. */
export interface MarketView {
  instrument(symbol: string): Instrument | undefined;
  quote(symbol: string): MarketQuote | undefined;
  session(symbol: string): 'PRE' | 'OPEN' | 'POST' | 'CLOSED';
  /** Trading halts of single symbols. */
  isHalted(symbol: string): boolean;
  /** Exchange-local trading day, 'YYYY-MM-DD', of an instant on the calendar of the account's day. */
  tradingDay(at: number): string;
  /** End of the DAY time in force for a symbol at an instant: the session's close. Epoch ms. */
  endOfDay(symbol: string, at: number): number;
}

/** What a decision may look at of the account's broker connection. */
export interface BrokerView {
  readonly ready: boolean;
  /** Why not, in words, when it is not. */
  readonly reason: string | null;
  readonly capabilities: BrokerCapabilities;
}

/** Settings of the gateway that decisions go by. */
export interface EngineSettings {
  /** Prefix of venue order ids: unique for an installation, so that ours are known from others'. */
  readonly venueIdPrefix: string;
  /** Wall ms without an update after which a quote is stale. */
  readonly quoteStaleAfterMs: number;
  readonly restrictedSymbols: ReadonlySet<string>;
  /** Strategies under the kill switch: their orders are denied, cancels pass. None when left out. */
  readonly haltedStrategies?: ReadonlySet<string>;
  /** Close all positions when the daily loss halts the account. */
  readonly flattenOnDailyLoss: boolean;
}

/** What the runtime loaded of done orders that have left memory, because the command may need it. */
export interface ArchiveView {
  orderByClientId(clientOrderId: string): Order | undefined;
  order(orderId: string): Order | undefined;
  /** For a bust: the position of the symbol folded anew from all fills that stand without this one. */
  positionWithoutFill(orderId: string, executionId: string): Position | undefined;
}

/** Everything a decision may use besides the state and the command. */
export interface DecideContext {
  /** Market time, epoch ms. */
  readonly now: number;
  /** Wall time, epoch ms: rate limits and staleness only. */
  readonly wall: number;
  readonly market: MarketView;
  readonly broker: BrokerView;
  readonly gatewayTradingState: TradingState;
  /** The journal's disk is nearly full: what room there is belongs to orders that take risk away. */
  readonly isJournalLow: boolean;
  readonly archive: ArchiveView;
  readonly settings: EngineSettings;
  /** A fresh order id, for orders that the gateway makes of itself. */
  readonly newOrderId: () => string;
}
