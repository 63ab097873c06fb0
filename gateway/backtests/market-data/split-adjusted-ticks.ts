import {
  type L2Columns,
  type L3Columns,
  type QuoteColumns,
  type TickColumns,
  type TickKind,
  type TradeColumns,
} from '../../../core/backtest/tick-source.ts';

/** The units that a block of ticks is put in. */
export interface TickUnits {
  /** Of each row: what its price is divided by, and its size multiplied with. */
  readonly ratios: Float64Array;
  /** Units of the smallest size that the market shows. */
  readonly lot: number;
}

const prices = (column: Float64Array, { ratios }: TickUnits): Float64Array =>
  column.map((price, row) => price / (ratios[row] ?? 1));

const sizes = (column: Float64Array, { ratios }: TickUnits): Float64Array =>
  column.map((size, row) => size * (ratios[row] ?? 1));

/** Of what rests: after a consolidation there is still somebody, if with less than a lot. */
const restingSizes = (column: Float64Array, units: TickUnits): Float64Array =>
  sizes(column, units).map((size) => (size > 0 && size < units.lot ? units.lot : size));

type Adjust = { readonly [K in TickKind]: (columns: TickColumns[K], units: TickUnits) => TickColumns[K] };

const ADJUST: Adjust = {
  QUOTES: (columns: QuoteColumns, units) => ({
    ...{ at: columns.at, bid: prices(columns.bid, units), ask: prices(columns.ask, units) },
    ...{ bidSize: restingSizes(columns.bidSize, units), askSize: restingSizes(columns.askSize, units) },
  }),
  TRADES: (columns: TradeColumns, units) => ({
    ...columns,
    ...{ price: prices(columns.price, units), size: sizes(columns.size, units) },
  }),
  L2: (columns: L2Columns, units) => ({
    ...columns,
    ...{ price: prices(columns.price, units), size: restingSizes(columns.size, units) },
  }),
  L3: (columns: L3Columns, units) => ({
    ...columns,
    ...{ price: prices(columns.price, units), size: sizes(columns.size, units) },
  }),
};

/** Ticks of before splits in the units of after them. A price or size that is not known stays so. */
export const adjustedTicks = <K extends TickKind>(
  kind: K,
  columns: TickColumns[K],
  units: TickUnits,
): TickColumns[K] => ADJUST[kind](columns, units);
