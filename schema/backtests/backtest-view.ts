import type { BacktestRow, NumberedOrder } from '../../core/ports/backtests.ts';
import type { Page } from '../../core/ports/order-reader.ts';
import { toConnection } from '../pagination/connection.ts';
import { cursorFormat } from '../pagination/cursor.ts';
import type { Backtest, BacktestConnection, BacktestOrderConnection } from './backtest.type.ts';

const BACKTESTS = cursorFormat<[id: string]>('backtest', ['string']);
const ORDERS = cursorFormat<[position: number]>('backtest order', ['number']);

/** Id of the backtest that a cursor stands for. Throws BAD_USER_INPUT for what is none. */
export const backtestOf = (cursor: string): string => BACKTESTS.decode(cursor)[0];
/** Position of the order that a cursor stands for. Throws BAD_USER_INPUT for what is none. */
export const positionOf = (cursor: string): number => ORDERS.decode(cursor)[0];

export const toBacktest = (row: BacktestRow): Backtest => ({
  ...{ id: row.id, status: row.status, progress: row.progress, createdAt: row.createdAt },
  error: row.error === null ? null : `${row.error.code}: ${row.error.message}`,
  ...{ settings: row.settings, resultHash: row.resultHash, eventsProcessed: row.eventsProcessed },
  performance: row.performance,
});

export const toBacktestConnection = (page: Page<BacktestRow>): BacktestConnection =>
  toConnection(page, toBacktest, ({ id }) => BACKTESTS.encode(id));

export const toOrderConnection = (page: Page<NumberedOrder>): BacktestOrderConnection =>
  toConnection(
    page,
    ({ order }) => order,
    ({ position }) => ORDERS.encode(position),
  );
