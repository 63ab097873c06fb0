import { formatDecimal, parseDecimal } from '@omniquant/plugin-sdk/decimal';
import fc from 'fast-check';

import { LIMIT, MARKET } from '../support/engine-fixture.ts';
import type { AccountUnderTest } from './account-under-test.ts';
import { expectAgreement } from './agreement.ts';
import { most, type Side } from './reference-ledger.ts';
import { executedOf, isOpen, type ModelOrder, type ReferenceModel } from './reference-model.ts';

/** What clients do: place, place the same again, replace, cancel. */

export type ModelCommand = fc.Command<ReferenceModel, AccountUnderTest>;

/**
 * Mostly one of the last two that are open, so that much happens to each; else any. Undefined when there
 * is none that passes.
 */
export const pick = (
  model: Pick<ReferenceModel, 'orders'>,
  index: number,
  passes: (order: ModelOrder) => boolean = () => true,
): ModelOrder | undefined => {
  const all = [...model.orders.values()].filter(passes);
  const open = all.filter(isOpen);
  const from = open.length > 0 && index % 5 !== 0 ? open.slice(-2) : all;
  return from[index % Math.max(from.length, 1)];
};

const LOT = parseDecimal('0.001');

/** Quarters of what is left of an order (of `wanted`, if not of its own quantity), in whole lots. */
export const partOf = (order: ModelOrder, quarters: number, wanted = order.terms.quantity): bigint => {
  const part = (most(wanted - executedOf(order), 0n) * BigInt(quarters)) / 4n;
  return part - (part % LOT);
};

export interface Ask {
  readonly symbol: string;
  readonly side: Side;
  readonly quantity: string;
  /** Null is a market order. */
  readonly limit: string | null;
}

/** Off the whole numbers, so that average costs do not come out even. */
export const anyQuantity = fc.constantFrom('1', '2', '3', '3', '5', '10', '25', '0.333', '1.5');
export const anyPrice = fc.constantFrom('97', '98.5', '99.99', '100', '100.01', '101.37', '103');
const anyAsk: fc.Arbitrary<Ask> = fc.record({
  symbol: fc.constantFrom('AAPL', 'AAPL', 'SPX'),
  side: fc.constantFrom('BUY', 'SELL'),
  quantity: anyQuantity,
  limit: fc.oneof({ weight: 3, arbitrary: anyPrice }, { weight: 1, arbitrary: fc.constant(null) }),
});

const textOf = ({ symbol, side, quantity, limit }: Ask): string =>
  `${side} ${quantity} ${symbol} ${limit === null ? 'at the market' : `at ${limit}`}`;

const place = (model: ReferenceModel, account: AccountUnderTest, clientId: string, ask: Ask): void => {
  const { symbol, side, quantity, limit } = ask;
  const id = `o${model.orders.size + 1}`;
  const request = textOf(ask);
  const terms = model.priced(
    symbol,
    side,
    parseDecimal(quantity),
    limit === null ? null : parseDecimal(limit),
  );
  const expected = model.place(clientId, request, id, symbol, side, terms);
  const answer = account.run({
    kind: 'placeOrder',
    clientOrderId: clientId,
    requestHash: request,
    orderId: id,
    takeProfitId: `${id}-tp`,
    stopLossId: `${id}-sl`,
    terms: limit === null ? MARKET(symbol, side, quantity) : LIMIT(symbol, side, quantity, limit),
    takeProfit: null,
    stopLoss: null,
    strategyId: null,
    origin: 'API',
  });
  expectAgreement(model, account, { did: `place ${clientId}: ${request}`, model: expected, engine: answer });
};

class Place implements ModelCommand {
  constructor(readonly ask: Ask) {}
  check = (): boolean => true;
  run(model: ReferenceModel, account: AccountUnderTest): void {
    place(model, account, `c${model.orders.size + 1}`, this.ask);
  }
  toString = (): string => `place ${textOf(this.ask)}`;
}

/** The client id of an order that is known, with its request or with another. */
class PlaceAgain implements ModelCommand {
  constructor(
    readonly index: number,
    readonly other: Ask | null,
  ) {}
  check = (model: Readonly<ReferenceModel>): boolean => model.orders.size > 0;
  run(model: ReferenceModel, account: AccountUnderTest): void {
    const known = [...model.idOfClientId][this.index % model.idOfClientId.size];
    const [clientId = '', id = ''] = known ?? [];
    const [side, quantity = '', symbol = '', , limit] = model.orders.get(id)?.request.split(' ') ?? [];
    const same: Ask = {
      side: side === 'BUY' ? 'BUY' : 'SELL',
      quantity,
      symbol,
      limit: limit === 'the' ? null : (limit ?? null),
    };
    place(model, account, clientId, this.other ?? same);
  }
  toString = (): string => `again #${this.index}${this.other === null ? '' : ` with ${textOf(this.other)}`}`;
}

class Replace implements ModelCommand {
  constructor(
    readonly index: number,
    readonly requestId: string,
    /** Quarters of what is left, on top of what was executed; null leaves the quantity. */
    readonly quarters: number | null,
    readonly limit: string | null,
  ) {}
  check = (model: Readonly<ReferenceModel>): boolean => pick(model, this.index) !== undefined;
  run(model: ReferenceModel, account: AccountUnderTest): void {
    const order = pick(model, this.index);
    if (order === undefined) return;
    const { requestId, quarters, limit } = this;
    const units = quarters === null ? null : executedOf(order) + partOf(order, quarters);
    const expected = model.replace(order, requestId, units, limit === null ? null : parseDecimal(limit));
    const answer = account.run({
      kind: 'replaceOrder',
      orderId: order.id,
      requestId,
      ...(units === null ? {} : { quantity: formatDecimal(units) }),
      ...(limit === null ? {} : { limitPrice: limit }),
    });
    expectAgreement(model, account, {
      did: `${order.id}: ${this.toString()}`,
      model: expected,
      engine: answer,
    });
  }
  toString = (): string => `replace #${this.index} ${this.requestId} ${this.quarters}/4 @${this.limit}`;
}

class Cancel implements ModelCommand {
  constructor(readonly index: number) {}
  check = (model: Readonly<ReferenceModel>): boolean => pick(model, this.index) !== undefined;
  run(model: ReferenceModel, account: AccountUnderTest): void {
    const order = pick(model, this.index);
    if (order === undefined) return;
    const expected = model.cancel(order);
    const answer = account.run({ kind: 'cancelOrder', orderId: order.id, reason: null });
    expectAgreement(model, account, { did: `cancel ${order.id}`, model: expected, engine: answer });
  }
  toString = (): string => `cancel #${this.index}`;
}

/** A quote moves; what orders reserve and the account is worth goes by the latest. */
class Quote implements ModelCommand {
  constructor(
    readonly symbol: string,
    readonly middle: string,
    readonly last: string | null,
  ) {}
  check = (): boolean => true;
  run(model: ReferenceModel, account: AccountUnderTest): void {
    const { symbol, last } = this;
    const middle = parseDecimal(this.middle);
    const tick = parseDecimal('0.01');
    const [bid, ask] = [middle - tick, middle + tick];
    model.quotes.set(symbol, { bid, ask, last: last === null ? null : parseDecimal(last) });
    const answer = account.perform(({ engine }) => {
      engine.quote(symbol, formatDecimal(bid), formatDecimal(ask), last);
      return engine.execute({ kind: 'marketMoved', symbols: [symbol] });
    });
    expectAgreement(model, account, { did: this.toString(), model: 'done', engine: answer });
  }
  toString = (): string => `quote ${this.symbol} ${this.middle} last ${this.last}`;
}

const anyIndex = fc.nat(99);

export const placing = anyAsk.map((ask) => new Place(ask));
export const placingAgain = fc
  .tuple(anyIndex, fc.option(anyAsk))
  .map(([index, other]) => new PlaceAgain(index, other));
export const replacing = fc
  .tuple(
    anyIndex,
    fc.constantFrom('r1', 'r2', 'r3', 'r4', 'r5'),
    fc.option(fc.constantFrom(0, 1, 2, 4, 6)),
    fc.option(anyPrice),
  )
  .map(([index, requestId, quarters, limit]) => new Replace(index, requestId, quarters, limit));
export const cancelling = anyIndex.map((index) => new Cancel(index));
export const quoting = fc
  .tuple(fc.constantFrom('AAPL', 'SPX'), anyPrice, fc.option(anyPrice))
  .map(([symbol, middle, last]) => new Quote(symbol, middle, last));
