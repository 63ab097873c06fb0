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
