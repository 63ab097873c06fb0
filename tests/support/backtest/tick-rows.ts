import {
  L2_ACTIONS,
  L3_ACTIONS,
  type MarketSource,
  type TickColumns,
  ticksSource,
} from '../../../core/backtest/tick-source.ts';
import { START } from './run-backtest.ts';

/** Times are milliseconds since START. */
type At = number;
type Floats = readonly number[];

const floats = (rows: readonly Floats[], place: number): Float64Array =>
  Float64Array.from(rows, (row) => row[place] ?? NaN);
const times = (rows: readonly Floats[]): Float64Array => Float64Array.from(rows, ([at = 0]) => START + at);

export type QuoteRow = readonly [at: At, bid: number, bidSize: number, ask: number, askSize: number];
export const quoteColumns = (rows: readonly QuoteRow[]): TickColumns['QUOTES'] => ({
  at: times(rows),
  ...{ bid: floats(rows, 1), bidSize: floats(rows, 2), ask: floats(rows, 3), askSize: floats(rows, 4) },
});

export type TradeRow = readonly [at: At, price: number, size: number, side: 1 | 0 | -1];
export const tradeColumns = (rows: readonly TradeRow[]): TickColumns['TRADES'] => ({
  at: times(rows),
  ...{ price: floats(rows, 1), size: floats(rows, 2), side: Int8Array.from(rows, ([, , , side]) => side) },
});

/** A level that is set, or 'SNAPSHOT'; with the number of its message if the feed has numbers. */
export type LevelRow =
  | readonly [at: At, side: 1 | -1, price: number, size: number, sequence?: number]
  | readonly [at: At, what: 'SNAPSHOT', sequence?: number];
export const levelColumns = (rows: readonly LevelRow[]): TickColumns['L2'] => {
  const full = rows.map((row) => {
    return row[1] === 'SNAPSHOT'
      ? { at: row[0], action: L2_ACTIONS.SNAPSHOT, side: 0, price: NaN, size: NaN, sequence: row[2] }
      : { at: row[0], action: L2_ACTIONS.SET, side: row[1], price: row[2], size: row[3], sequence: row[4] };
  });
  return {
    at: Float64Array.from(full, ({ at }) => START + at),
    action: Uint8Array.from(full, ({ action }) => action),
    side: Int8Array.from(full, ({ side }) => side),
    price: Float64Array.from(full, ({ price }) => price),
    size: Float64Array.from(full, ({ size }) => size),
    sequence: Float64Array.from(full, ({ sequence }) => sequence ?? NaN),
  };
};

export type OrderRow =
  | readonly [at: At, what: 'ADD', id: number, side: 1 | -1, price: number, size: number]
  | readonly [at: At, what: 'REDUCE' | 'EXECUTE', id: number, size: number]
  | readonly [at: At, what: 'DELETE', id: number]
  | readonly [at: At, what: 'REPLACE', id: number, newId: number, price: number, size: number]
  | readonly [at: At, what: 'CLEAR'];

const orderOf = (row: OrderRow) => {
  const none = { id: NaN, newId: NaN, side: 0, price: NaN, size: NaN };
  switch (row[1]) {
    case 'ADD':
      return { ...none, id: row[2], side: row[3], price: row[4], size: row[5] };
    case 'REDUCE':
    case 'EXECUTE':
      return { ...none, id: row[2], size: row[3] };
    case 'DELETE':
      return { ...none, id: row[2] };
    case 'REPLACE':
      return { ...none, id: row[2], newId: row[3], price: row[4], size: row[5] };
    case 'CLEAR':
      return none;
  }
};

/** @param sequences Of the rows; left out for a feed without. */
export const orderColumns = (rows: readonly OrderRow[], sequences?: Floats): TickColumns['L3'] => {
  const full = rows.map(orderOf);
  return {
    at: Float64Array.from(rows, ([at]) => START + at),
    action: Uint8Array.from(rows, ([, what]) => L3_ACTIONS[what]),
    orderId: Float64Array.from(full, ({ id }) => id),
    newOrderId: Float64Array.from(full, ({ newId }) => newId),
    side: Int8Array.from(full, ({ side }) => side),
    price: Float64Array.from(full, ({ price }) => price),
    size: Float64Array.from(full, ({ size }) => size),
    sequence: Float64Array.from(rows, (_, index) => sequences?.[index] ?? NaN),
  };
};

/** Rows of one symbol, by kind. */
export interface TickRows {
  readonly quotes?: readonly QuoteRow[];
  readonly trades?: readonly TradeRow[];
  readonly levels?: readonly LevelRow[];
  readonly orders?: readonly OrderRow[];
}

export const tickSources = ({ levels, orders, quotes, trades }: TickRows, symbol = 'X'): MarketSource[] => [
  ...(quotes === undefined ? [] : [ticksSource({ symbol, kind: 'QUOTES' }, quoteColumns(quotes))]),
  ...(trades === undefined ? [] : [ticksSource({ symbol, kind: 'TRADES' }, tradeColumns(trades))]),
  ...(levels === undefined ? [] : [ticksSource({ symbol, kind: 'L2' }, levelColumns(levels))]),
  ...(orders === undefined ? [] : [ticksSource({ symbol, kind: 'L3' }, orderColumns(orders))]),
];
