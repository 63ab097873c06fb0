import type { FillModel } from '../fill-models.ts';
import type { FillSettings } from '../fills-schema.ts';
import { ArrivalLine } from './arrival-line.ts';
import { BookLiquidity } from './book-liquidity.ts';
import type { MarketDepth } from './market-depth.ts';
import { QueueLine } from './queue-line.ts';
import { cancelledBehind } from './queue-models.ts';
import type { RestingLine } from './resting-line.ts';
import type { TickLiquidity } from './tick-liquidity.ts';
import type { TickMarket } from './tick-market.ts';
import { TradeLiquidity } from './trade-liquidity.ts';

/** What the ticks of a symbol trade with orders, by the finest that there is of it. */
export const createTickLiquidity = (
  market: TickMarket,
  model: FillModel,
  fills: FillSettings,
): TickLiquidity => {
  const { depth } = market;
  if (depth === null) return new TradeLiquidity(model);
  const replenish = 'replenish' in fills ? fills.replenish : 'UPDATE';
  return new BookLiquidity({ depth, model, replenish, line: lineOf(market, depth, fills) });
};

const lineOf = (market: TickMarket, depth: MarketDepth, fills: FillSettings): RestingLine | null => {
  if (market.orders !== null) return new ArrivalLine(market.orders);
  if (fills.model !== 'QUEUE_POSITION') return null;
  const behind = cancelledBehind(fills.queue, fills.exponent);
  return new QueueLine(depth, behind, market.symbol.unitsPerLot);
};
