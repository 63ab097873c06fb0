import type { Fixed } from '@omniquant/plugin-sdk/decimal';

import { type AccountState, canCarry, type Marks, reducibleLots } from './account-ledger.ts';
import type { Refusal, ReplaceCommand, SubmitCommand } from './commands.ts';
import type { MarketTick } from './market-tick.ts';
import { type CheckedTerms, checkTerms, hasTrigger, isRefusal, isTrailing } from './order-checks.ts';
import type { OrderDesk } from './order-desk.ts';
import { leavesOf, type OrderState } from './order-state.ts';
import type { SymbolMarket } from './symbol-market.ts';
import { initialTrail } from './trigger-watch.ts';

type NewOrderCommand = SubmitCommand | ReplaceCommand;

const refuse = (code: Refusal['code'], message: string): Refusal => ({ code, message });

/** Makes an order of what an account sent, or says why the venue does not take it. Changes no books. */
export class OrderIntake {
  private readonly desk: OrderDesk;
  private readonly markets: ReadonlyMap<string, SymbolMarket>;
  private readonly marks: Marks;
  private readonly margin: Fixed | null;

  /** @param margin Market value that one unit of equity may carry; null: any. */
  constructor(
    desk: OrderDesk,
    markets: ReadonlyMap<string, SymbolMarket>,
    marks: Marks,
    margin: Fixed | null,
  ) {
    this.desk = desk;
    this.markets = markets;
    this.marks = marks;
    this.margin = margin;
  }

  /** @param previous The revision that the order is to replace. */
  accept(command: NewOrderCommand, previous: OrderState | undefined): OrderState | Refusal {
    const { terms } = command;
    const market = this.markets.get(terms.symbol);
    const account = this.desk.accounts.get(command.account);
    const tick = market?.tick ?? null;
    if (market === undefined || tick === null) {
      return refuse('UNKNOWN_SYMBOL', `${terms.symbol} does not trade here`);
    }
    if (account === undefined) return refuse('OTHER', `account ${command.account} is not known here`);
    const { grid, isOpen } = market;
    const checked = checkTerms(terms, { grid, isOpen, ...tick, at: this.desk.at });
    if (isRefusal(checked)) return checked;
    if (this.desk.random.chance(this.desk.quality.rejectProbability)) {
      return refuse('OTHER', 'refused at random, as the venue was told to');
    }
    if (previous !== undefined && checked.lots <= previous.filled + previous.busted) {
      return refuse('INVALID_ORDER', 'as much has been filled already');
    }
    const order = this.orderOf(command, checked, market.grid, tick, previous);
    return (
      this.checkMarket(order, market) ?? this.checkFunds(order, account, market, tick, previous) ?? order
    );
  }

  /** A record of an order that was refused. */
  refusedOrder({ account, venueOrderId, terms }: NewOrderCommand, message: string): OrderState {
    return { ...this.blank(), account, venueOrderId, terms, status: 'REJECTED', message };
  }

  private orderOf(
    { account, venueOrderId, terms }: NewOrderCommand,
    { lots, display, limit, stop }: CheckedTerms,
    grid: SymbolMarket['grid'],
    tick: MarketTick,
    previous: OrderState | undefined,
  ): OrderState {
    const order: OrderState = { ...this.blank(), account, venueOrderId, terms, lots, display, limit, stop };
    if (previous !== undefined) {
      order.filled = previous.filled;
      order.busted = previous.busted;
      if (previous.status === 'TRIGGERED') order.status = 'TRIGGERED';
    }
    if (!isTrailing(terms.type)) return { ...order, replaces: previous?.id ?? null, reportedStop: stop };
    const trailed = keptTrail(order, previous) ?? stop ?? initialTrail(order, grid, tick);
    const limitOffset = limit === null ? null : limit - trailed;
    // A level that the venue chose is news at the next tick.
    const stopReportedAt = stop === null ? 0 : order.at;
    return {
      ...order,
      replaces: previous?.id ?? null,
      stop: trailed,
      reportedStop: stop,
      stopReportedAt,
      limitOffset,
    };
  }

  private blank(): Omit<OrderState, 'account' | 'venueOrderId' | 'terms'> {
    this.desk.counters.order += 1;
    return {
      id: this.desk.counters.order,
      replaces: null,
      lots: 0,
      display: null,
      bookId: this.desk.counters.order,
      status: 'WORKING',
      filled: 0,
      busted: 0,
      limit: null,
      stop: null,
      limitOffset: null,
      priority: this.desk.nextPriority(),
      shown: null,
      reservePrice: 0,
      message: null,
      at: this.desk.at,
      reportedStop: null,
      stopReportedAt: this.desk.at,
    };
  }

  private checkMarket(order: OrderState, market: SymbolMarket): Refusal | null {
    const { postOnly, side } = order.terms;
    const works = !hasTrigger(order.terms.type) || order.status === 'TRIGGERED';
    if (!postOnly || !works || !market.wouldTake(side, order.limit)) return null;
    return refuse('WOULD_TAKE_LIQUIDITY', 'a post-only order at this limit would trade at once');
  }

  /** Ties up the order's funds, in `reservePrice`, unless it only makes a position smaller. */
  private checkFunds(
    order: OrderState,
    account: AccountState,
    { grid }: SymbolMarket,
    tick: MarketTick,
    previous: OrderState | undefined,
  ): Refusal | null {
    const { side, reduceOnly } = order.terms;
    const reducible = reducibleLots(account, grid.symbol, side);
    if (reduceOnly) return reducible > 0 ? null : refuse('INVALID_ORDER', 'there is no position to reduce');
    const increase = leavesOf(order) - reducible;
    if (increase <= 0) return null;
    if (side === 'SELL' && !grid.instrument.shortable) {
      return refuse('NOT_SHORTABLE', `${grid.symbol} cannot be sold short`);
    }
    if (this.margin === null) return null;
    order.reservePrice = order.limit ?? order.stop ?? (side === 'BUY' ? tick.ask : tick.bid);
    const freed = previous === undefined ? 0n : grid.value(previous.reservePrice, leavesOf(previous));
    const more = grid.value(order.reservePrice, increase) - freed;
    if (canCarry(account, this.marks, more, this.margin)) return null;
    return refuse('INSUFFICIENT_FUNDS', 'equity times the margin multiplier does not carry the order');
  }
}

/** A replaced trailing stop goes on from where it trailed, unless the replacement says otherwise. */
const keptTrail = (order: OrderState, previous: OrderState | undefined): number | null => {
  if (previous === undefined) return null;
  const { trailingOffset, trailingOffsetType, stopPrice } = previous.terms;
  const isSame =
    order.terms.trailingOffset === trailingOffset &&
    order.terms.trailingOffsetType === trailingOffsetType &&
    order.terms.stopPrice === stopPrice;
  return isSame ? previous.stop : null;
};
