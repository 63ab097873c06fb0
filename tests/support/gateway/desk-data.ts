/* What a desk is shown of its account, its orders and its fills; fields as in the API. */

export interface FillData {
  readonly id: string;
  readonly orderId: string;
  readonly executionId: string;
  readonly price: string;
  readonly quantity: string;
  readonly fee: string | null;
  readonly busted: boolean;
}

export interface OrderData {
  readonly id: string;
  readonly clientOrderId: string;
  readonly brokerOrderId: string | null;
  readonly symbol: string;
  readonly side: 'BUY' | 'SELL';
  readonly type: string;
  readonly timeInForce: string;
  readonly expireAt: string | null;
  readonly status: string;
  readonly role: string;
  readonly origin: string;
  readonly quantity: string | null;
  readonly notional: string | null;
  readonly filledQuantity: string;
  readonly leavesQuantity: string | null;
  readonly averageFillPrice: string | null;
  readonly limitPrice: string | null;
  readonly stopPrice: string | null;
  readonly triggerPrice: string | null;
  readonly trailingOffset: string | null;
  readonly displayQuantity: string | null;
  readonly pending: readonly string[];
  readonly heldAt: string | null;
  readonly reason: string | null;
  readonly revision: number;
  readonly traceId: string | null;
}

export interface DenialData {
  readonly code: string;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>> | null;
  /** The order that keeps the denial. */
  readonly kept: { readonly id: string; readonly status: string } | null;
}

export interface AccountData {
  readonly id: string;
  readonly cash: string;
  readonly equity: string | null;
  readonly drawdown: string | null;
  readonly buyingPower: string | null;
  readonly realizedPnl: string;
  readonly tradingState: string;
  readonly limits: Readonly<Record<string, unknown>>;
  readonly positions: readonly {
    readonly symbol: string;
    readonly quantity: string;
    readonly averagePrice: string | null;
    readonly realizedPnl: string;
  }[];
  readonly balances: readonly {
    readonly currency: string;
    readonly total: string;
    readonly available: string;
  }[];
}
