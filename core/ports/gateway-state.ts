import type { TradingState } from '../engine/account-event.ts';

/** The kill switch for everything that the installation trades. */
export interface GatewayTrading {
  readonly state: TradingState;
  /** Grows with each change. */
  readonly version: number;
  /** Each owner cancels the open orders of its accounts when it learns of this version. */
  readonly cancelOpenOrders: boolean;
  readonly reason: string;
}

/** Reads it from the store. The bus only hints at changes, so it is also read at intervals. */
export interface GatewayStateReader {
  read(signal: AbortSignal): Promise<GatewayTrading>;
}

/** What an operator sets the kill switch to, and who does. */
export interface GatewayTradingChange {
  readonly state: TradingState;
  readonly cancelOpenOrders: boolean;
  readonly reason: string;
  /** "user:<id>", "key:<id>". */
  readonly actor: string;
  /** Workspace whose audit log gets the entry. */
  readonly workspaceId: string;
  /** Wall clock, epoch ms. */
  readonly at: number;
}

export interface GatewayStateWriter {
  /** One version up, with its audit entry; durable when it resolves. */
  write(change: GatewayTradingChange, signal: AbortSignal): Promise<GatewayTrading>;
}
