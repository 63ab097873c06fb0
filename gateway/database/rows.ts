import type { OrderFillRecord, OrderRecord } from '../../core/orders/order-record.ts';
import type { FillRow } from '../../core/ports/read-model.ts';
import { toRecord } from './order-text.ts';

/** Rows of the read models as the database gives them, and what they stand for. */
export interface StoredFill {
  readonly order_id: string;
  readonly execution_id: string;
  readonly account_id: string;
  readonly seq: number;
  readonly symbol: string;
  readonly side: 'BUY' | 'SELL';
  readonly at: number;
  readonly price: string;
  readonly quantity: string;
  readonly fee: string | null;
  readonly fee_currency: string | null;
  readonly liquidity: string | null;
  readonly busted: boolean;
}

export const FILL_COLUMNS =
  'f.order_id, f.execution_id, f.account_id, f.seq, f.symbol, f.side, f.at, f.price, f.quantity, f.fee, f.fee_currency, f.liquidity, f.busted';

export function toFillRow(row: StoredFill): FillRow {
  return {
    orderId: row.order_id,
    executionId: row.execution_id,
    seq: row.seq,
    symbol: row.symbol,
    side: row.side,
    at: row.at,
    price: row.price,
    quantity: row.quantity,
    fee: row.fee,
    feeCurrency: row.fee_currency,
    liquidity: row.liquidity,
    busted: row.busted,
  };
}

export interface StoredOrder {
  readonly id: string;
  readonly account_id: string;
  readonly terms: string;
  readonly state: string;
}

export const ORDER_COLUMNS = 'o.id, o.account_id, o.terms, o.state';

/** Order records with the fills among `fills` that are theirs, which must be in booking order. */
export function withFills(
  orders: readonly StoredOrder[],
  fills: readonly StoredFill[],
): { readonly accountId: string; readonly record: OrderRecord }[] {
  const byOrder = Map.groupBy(fills, (fill) => `${fill.account_id}/${fill.order_id}`);
  return orders.map((order) => ({
    accountId: order.account_id,
    record: toRecord(order, (byOrder.get(`${order.account_id}/${order.id}`) ?? []).map(toOrderFill)),
  }));
}

function toOrderFill(row: StoredFill): OrderFillRecord {
  return {
    executionId: row.execution_id,
    seq: row.seq,
    at: row.at,
    price: row.price,
    quantity: row.quantity,
    liquidity: row.liquidity as OrderFillRecord['liquidity'],
    fee: row.fee,
    feeCurrency: row.fee_currency,
    busted: row.busted,
  };
}
