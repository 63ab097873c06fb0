import { abs, divide, type Fixed, formatDecimal, max, min, multiply, roundToStep } from '../../decimal.ts';
import type { Bar } from '../../strategy-inputs.ts';
import type { StrategyInput } from '../../strategy-instance.ts';
import { exact } from '../exact.ts';
import { DAY_MS } from '../intervals.ts';
import type { ReplayedFill } from '../replay-result.ts';
import type { PaperAccount } from './account.ts';
import { alignBracket } from './bracket.ts';
import { isOpen, leavesOf, orderView, type PaperOrder } from './order.ts';
import type { OrderList } from './order-list.ts';
import { TRAITS } from './order-types.ts';
import type { InstrumentTerms, ReplaySettings } from './settings.ts';
import { slipped, type Touch, touchOf } from './touch.ts';

export interface BarVenueOptions {
  readonly orders: OrderList;
  readonly account: PaperAccount;
  readonly settings: ReplaySettings;
  readonly fills: ReplayedFill[];
  readonly tell: (input: StrategyInput) => void;
}

/** One bar being traded. */
interface Session {
  readonly bar: Bar;
  readonly endsAt: number;
  readonly terms: InstrumentTerms;
  /** Units that the strategy's orders may still get of it; null: any number. */
  volume: Fixed | null;
}

type Fill = NonNullable<Touch['fill']>;

/**
 * Trades the open orders of a symbol against one bar of it. What fills at the open comes before what fills
 * within the bar; beyond that, stops of brackets come before their take profits, and orders in the order in
 * which they were asked for.
 */
export class BarVenue {
  private readonly options: BarVenueOptions;

  constructor(options: BarVenueOptions) {
    this.options = options;
  }

  trade(bar: Bar, endsAt: number): void {
    const { account, orders, settings } = this.options;
    const terms = settings.instruments.get(bar.symbol);
    if (terms === undefined) return;
    const prices = {
      open: exact(bar.open),
      high: exact(bar.high),
      low: exact(bar.low),
      close: exact(bar.close),
    };
    account.setMark(bar.symbol, prices.close);
    const session = { bar, endsAt, terms, volume: this.volumeOf(bar) };
    const met = orders.open.filter(({ from, symbol }) => symbol === bar.symbol && bar.at >= from);
    for (const order of met) this.expireBefore(order, session);
    const touches = met
      .filter(isOpen)
      .map((order) => ({ order, touch: touchOf(order, prices, terms.tick) }))
      .sort((a, b) => rank(a.order, a.touch) - rank(b.order, b.touch));
    for (const { order, touch } of touches) if (isOpen(order)) this.meet(order, touch, session);
    for (const order of met) this.endAfter(order, session);
  }

  /** A bar without volume is one of a source that has none. */
  private volumeOf({ volume }: Bar): Fixed | null {
    const { maxVolumeShare } = this.options.settings;
    return maxVolumeShare === null || volume === 0 ? null : multiply(exact(volume), maxVolumeShare);
  }

  private expireBefore(order: PaperOrder, { bar, endsAt }: Session): void {
    const day = Math.floor(bar.at / DAY_MS);
    const isOver =
      order.timeInForce === 'DAY'
        ? order.day !== null && day > order.day
        : order.expireAt !== null && order.expireAt <= bar.at;
    if (isOver) this.options.orders.end(order, 'EXPIRED', endsAt);
  }

  private meet(order: PaperOrder, touch: Touch, session: Session): void {
    const { orders } = this.options;
    const { bar, endsAt } = session;
    const isFirst = order.day === null;
    order.day ??= Math.floor(bar.at / DAY_MS);
    order.stop = touch.stop;
    order.limit = touch.limit;
    if (order.postOnly && isFirst && touch.fill?.atOpen === true) {
      orders.end(order, 'REJECTED', endsAt, 'a post-only order would take at the open');
      return;
    }
    if (touch.triggers) {
      order.triggered = true;
      orders.report(order, 'TRIGGERED', endsAt);
    }
    const isMomentary = order.timeInForce === 'IOC' || order.timeInForce === 'FOK';
    if (touch.fill !== null && (touch.fill.atOpen || !isMomentary)) this.fill(order, touch.fill, session);
    if (isMomentary) orders.end(order, 'CANCELED', endsAt, `${order.timeInForce}: nothing more at the open`);
  }

  private fill(order: PaperOrder, { price: reached }: Fill, session: Session): void {
    const { account, fills, orders, settings, tell } = this.options;
    const { bar, endsAt, terms } = session;
    const { side, symbol, ref } = order;
    const isAtMarket = !TRAITS[order.type].limit;
    const price = isAtMarket ? slipped(reached, side, settings.slippageBps, terms.tick) : reached;
    if (order.quantity === null && !this.size(order, price, session)) return;
    const quantity = this.available(order, this.reducible(order), session);
    if (quantity > 0n) {
      const value = abs(account.value(symbol, quantity, price));
      const fee = multiply(quantity, settings.feePerUnit) + multiply(value, settings.feeRate);
      account.apply({ symbol, side, price, quantity, fee });
      order.filled += quantity;
      order.turnover += multiply(quantity, price);
      if (session.volume !== null) session.volume -= quantity;
      const fill = {
        ...{ ref, symbol, side, at: endsAt },
        price: formatDecimal(price),
        quantity: formatDecimal(quantity),
        fee: formatDecimal(fee),
      };
      fills.push({ ...fill, barAt: bar.at });
      tell({ kind: 'fill', at: endsAt, fill });
      if (leavesOf(order) === 0n) orders.end(order, 'FILLED', endsAt);
      else orders.report(order, 'PARTIALLY_FILLED', endsAt);
      alignBracket(order, orders, endsAt, account.mark(symbol) ?? price, terms.tick);
    }
    if (order.reduceOnly && this.reducible(order) === 0n) {
      orders.end(order, 'CANCELED', endsAt, 'reduce-only: nothing is left to reduce');
    }
  }

  /** Whether a notional order comes to anything at this price. */
  private size(order: PaperOrder, price: Fixed, { endsAt, terms }: Session): boolean {
    const unit = multiply(price, terms.multiplier);
    const quantity = roundToStep(divide(order.notional ?? 0n, unit), terms.lot, 'down');
    if (quantity > 0n) {
      order.quantity = quantity;
      return true;
    }
    this.options.orders.end(order, 'REJECTED', endsAt, 'the notional is less than one lot');
    return false;
  }

  private reducible(order: PaperOrder): Fixed {
    const leaves = leavesOf(order) ?? 0n;
    if (!order.reduceOnly) return leaves;
    const held = this.options.account.quantity(order.symbol);
    return min(leaves, max(order.side === 'BUY' ? -held : held, 0n));
  }

  private available({ timeInForce }: PaperOrder, wanted: Fixed, { terms, volume }: Session): Fixed {
    if (volume === null || volume >= wanted) return wanted;
    return timeInForce === 'FOK' ? 0n : roundToStep(max(volume, 0n), terms.lot, 'down');
  }

  private endAfter(order: PaperOrder, { bar, endsAt }: Session): void {
    const { orders, settings } = this.options;
    if (!isOpen(order)) return;
    const dayIsOver = order.day !== null && endsAt >= (order.day + 1) * DAY_MS;
    const isOver =
      order.timeInForce === 'DAY' ? dayIsOver : order.expireAt !== null && order.expireAt <= endsAt;
    if (isOver) orders.end(order, 'EXPIRED', endsAt);
    else if (settings.venueCancels?.(orderView(order), bar) === true) {
      orders.end(order, 'CANCELED', endsAt, 'canceled by the venue');
    }
  }
}

const rank = (order: PaperOrder, { fill }: Touch): number =>
  (fill?.atOpen === true ? 0 : 2) + (order.isStopLoss ? 0 : 1);
