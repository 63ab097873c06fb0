import type { BrokerEvent } from '@omniquant/plugin-sdk';
import {
  abs,
  divide,
  type Fixed,
  formatDecimal,
  fromInteger,
  multiply,
  ONE,
  parseDecimal,
} from '@omniquant/plugin-sdk/decimal';

import type { Position } from '../portfolio/position.ts';
import { createPricing } from '../portfolio/pricing.ts';
import { worthOf } from '../portfolio/valuation.ts';
import { ACCOUNT } from './arrivals.ts';
import type { BacktestAccount } from './backtest-account.ts';
import type { BacktestCharge } from './backtest-result.ts';
import type { BacktestSettings } from './backtest-spec.ts';

const DAYS_OF_YEAR = fromInteger(365);
const MARGIN_CALL = 'margin-call:';

/**
 * What holding costs and brings: borrowing what is sold short, dividends, and the end of what the account can no longer
 * carry. Money is booked as transfers of the venue, as live.
 */
export class Carrying {
  readonly charges: BacktestCharge[] = [];
  private readonly account: BacktestAccount;
  private readonly borrowRate: Fixed;
  private readonly maintenance: Fixed;
  /** By trading day. */
  private readonly dividends = new Map<string, { readonly symbol: string; readonly amount: Fixed }[]>();

  constructor({ borrowRate, dividends = [], maintenanceMargin }: BacktestSettings, account: BacktestAccount) {
    this.account = account;
    this.borrowRate = parseDecimal(borrowRate ?? '0');
    this.maintenance = parseDecimal(maintenanceMargin ?? '0');
    for (const { amount, exDay, symbol } of dividends) {
      const ofDay = this.dividends.get(exDay) ?? [];
      this.dividends.set(exDay, [...ofDay, { symbol, amount: parseDecimal(amount) }]);
    }
  }

  /**
   * From one trading day to the next, `nights` calendar days later: shorts pay value x rate x nights / 365 at the last
   * close; who holds a symbol before its ex-day gets the dividend, who is short pays it.
   */
  overnight(day: string, nights: number): void {
    const { positions } = this.account.state;
    if (this.borrowRate > 0n) {
      const pricing = this.pricing();
      for (const position of positions.values()) {
        if (position.quantity >= 0n) continue;
        const mark = pricing.mark(position.symbol);
        if (mark.kind !== 'price') continue;
        const value = multiply(multiply(mark.price, abs(position.quantity)), position.multiplier);
        const yearly = multiply(value, this.borrowRate);
        this.book('BORROW', position, -divide(yearly * BigInt(nights), DAYS_OF_YEAR), day);
      }
    }
    for (const { amount, symbol } of this.dividends.get(day) ?? []) {
      const position = positions.get(symbol);
      if (position === undefined || position.quantity === 0n) continue;
      const each = multiply(amount, position.multiplier);
      this.book('DIVIDEND', position, multiply(each, position.quantity), day);
    }
  }

  /**
   * Closes everything at the market once equity is less than the maintenance margin of the positions; answers with what
   * there is to tell, or null. It is asked after every instant, and waits for its own orders.
   */
  marginCall(): string | null {
    const { account } = this;
    const { state } = account;
    if (this.maintenance === 0n || state.positions.size === 0) return null;
    const { equity, grossExposure } = worthOf(state, this.pricing());
    if (equity === null || grossExposure === null || grossExposure === 0n) return null;
    if (equity >= multiply(grossExposure, this.maintenance)) return null;
    for (const id of state.openOrderIds) {
      if (state.orders.get(id)?.clientOrderId.startsWith(MARGIN_CALL) === true) return null;
    }
    account.run({ kind: 'cancelAllOrders', symbol: null, reason: 'margin call' }, 'gateway');
    for (const { quantity, symbol } of [...state.positions.values()]) {
      if (quantity === 0n) continue;
      const orderId = account.nextId();
      const key = `${MARGIN_CALL}${orderId}`;
      const close = { clientOrderId: key, requestHash: key, orderId, symbol, quantity: null };
      account.run({ kind: 'closePosition', ...close }, 'gateway');
    }
    return `margin call: equity of ${formatDecimal(equity)} does not carry ${formatDecimal(grossExposure)}`;
  }

  private pricing() {
    const { ctx } = this.account;
    return createPricing(ctx.market, ctx.wall, Infinity);
  }

  private book(
    kind: BacktestCharge['kind'],
    { currency, symbol }: Position,
    amount: Fixed,
    day: string,
  ): void {
    if (amount === 0n) return;
    const { account } = this;
    const rate = this.pricing().convert(ONE, currency, account.state.baseCurrency);
    const text = formatDecimal(amount);
    this.charges.push({
      ...{ at: account.now, kind, symbol, currency, amount: text },
      rate: formatDecimal(rate.kind === 'amount' ? rate.amount : ONE),
    });
    const event: BrokerEvent = {
      kind: 'transfer',
      account: ACCOUNT,
      at: account.now,
      reference: `${kind}:${symbol}:${day}`,
      currency,
      amount: text,
      reason: kind,
    };
    account.run({ kind: 'brokerEvent', event }, 'venue');
  }
}
