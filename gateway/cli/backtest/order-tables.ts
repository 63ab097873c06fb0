import type { BacktestFill, BacktestOrder, BacktestResult } from '../../../core/backtest/backtest-result.ts';
import type { Table } from '../../../core/performance/tables.ts';

const ORDER_COLUMNS = [
  ...(['id', 'parentId', 'ref', 'at', 'endedAt', 'symbol', 'side', 'type', 'timeInForce', 'role'] as const),
  ...(['quantity', 'filledQuantity', 'averageFillPrice', 'limitPrice', 'stopPrice', 'fees'] as const),
  ...(['status', 'reason'] as const),
] satisfies readonly (keyof BacktestOrder)[];

const FILL_COLUMNS = [
  ...(['orderId', 'at', 'symbol', 'side', 'price', 'quantity', 'multiplier'] as const),
  ...(['fee', 'feeCurrency', 'rate', 'liquidity'] as const),
] satisfies readonly (keyof BacktestFill)[];

/** Times are epoch ms in a result, and what a spreadsheet reads in a table. */
const cellOf = (name: string, value: string | number | null): string | number | null =>
  typeof value === 'number' && (name === 'at' || name === 'endedAt') ? new Date(value).toISOString() : value;

const tableOf = <Row>(rows: readonly Row[], columns: readonly (keyof Row & string)[]): Table => ({
  columns,
  rows: rows.map((row) => columns.map((name) => cellOf(name, row[name] as string | number | null))),
});

export const ordersTable = ({ orders }: BacktestResult): Table => tableOf(orders, ORDER_COLUMNS);

export const fillsTable = ({ fills }: BacktestResult): Table => tableOf(fills, FILL_COLUMNS);
