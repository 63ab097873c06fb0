import fc from 'fast-check';

import type { Order, OrderFill, PendingReplace } from '../../core/orders/order.ts';

const amount = fc.bigInt({ min: -(10n ** 37n), max: 10n ** 37n });
const amountOrNull = fc.option(amount);
const time = fc.nat();
const timeOrNull = fc.option(time);
const text = fc.string({ maxLength: 8 });
const textOrNull = fc.option(text);
const timeInForce = fc.constantFrom('DAY', 'GTC', 'GTD', 'IOC', 'FOK', 'OPG', 'CLS');

const revision = {
  quantity: amountOrNull,
  limitPrice: amountOrNull,
  stopPrice: amountOrNull,
  trailingOffset: amountOrNull,
  timeInForce,
  expireAt: timeOrNull,
} as const;

const pendingReplace: fc.Arbitrary<PendingReplace> = fc.record({
  ...revision,
  requestId: text,
  revision: fc.nat(),
  reservePrice: amountOrNull,
  previousReservePrice: amountOrNull,
});

const fill: fc.Arbitrary<OrderFill> = fc.record({
  executionId: text,
  seq: fc.nat(),
  at: time,
  price: amount,
  quantity: amount,
  liquidity: fc.option(fc.constantFrom('MAKER', 'TAKER')),
  fee: amountOrNull,
  feeCurrency: textOrNull,
  busted: fc.boolean(),
});

const identity = {
  id: text,
  clientOrderId: text,
  requestHash: textOrNull,
  strategyId: textOrNull,
  symbol: text,
  side: fc.constantFrom('BUY', 'SELL'),
  type: fc.constantFrom('MARKET', 'LIMIT', 'STOP_LIMIT', 'TRAILING_STOP'),
  role: fc.constantFrom('SIMPLE', 'ENTRY', 'TAKE_PROFIT', 'STOP_LOSS'),
  origin: fc.constantFrom('API', 'STRATEGY', 'GATEWAY', 'EXTERNAL'),
  parentId: textOrNull,
  legIds: fc.array(text, { maxLength: 2 }),
} as const;

const terms = {
  ...revision,
  notional: amountOrNull,
  triggerPrice: amountOrNull,
  trailingOffsetType: fc.option(fc.constantFrom('PRICE', 'PERCENT')),
  postOnly: fc.boolean(),
  reduceOnly: fc.boolean(),
  displayQuantity: amountOrNull,
  extendedHours: fc.boolean(),
  currency: text,
  multiplier: amount,
  tickSize: amount,
  lotSize: amount,
  reservePrice: amountOrNull,
  estimatedQuantity: amountOrNull,
} as const;

const life = {
  lifecycle: fc.constantFrom(
    'INITIALIZED',
    'DENIED',
    'HELD',
    'SUBMITTED',
    'IN_DOUBT',
    'WORKING',
    'TRIGGERED',
    'DONE',
  ),
  doneReason: fc.option(fc.constantFrom('FILLED', 'CANCELED', 'EXPIRED', 'REJECTED')),
  assumedDone: fc.boolean(),
  reason: textOrNull,
  denial: fc.option(
    fc.record({
      code: fc.constantFrom('ORDER_RATE', 'SELF_TRADE'),
      message: text,
      details: fc.dictionary(text, fc.oneof(text, fc.boolean())),
    }),
  ),
  pendingReplace: fc.option(pendingReplace),
  replaceRequestIds: fc.array(text).map((ids) => new Set(ids)),
  pendingCancel: fc.boolean(),
  heldAt: fc.option(fc.constantFrom('GATEWAY', 'VENUE')),
  heldFor: fc.option(fc.constantFrom('WAITING_FOR_ENTRY', 'EMULATED_TRIGGER')),
  lastRevision: fc.nat(),
  brokerOrderId: textOrNull,
  sent: fc.boolean(),
  doubted: fc.boolean(),
  triggeredAt: timeOrNull,
  overfilled: fc.boolean(),
} as const;

const ledger = {
  filledQuantity: amount,
  bustedQuantity: amount,
  filledNotional: amount,
  fills: fc
    .array(fill, { maxLength: 4 })
    .map((fills) => new Map(fills.map((each) => [each.executionId, each]))),
  createdAt: time,
  updatedAt: time,
  submittedAt: timeOrNull,
  doneAt: timeOrNull,
  traceId: textOrNull,
  traceparent: textOrNull,
  firstSeq: fc.nat(),
  lastSeq: fc.nat(),
} as const;

/** Any order, sensible or not: for what has to hold of every one. */
export const anyOrder: fc.Arbitrary<Order> = fc
  .tuple(fc.record(identity), fc.record(terms), fc.record(life), fc.record(ledger), fc.nat())
  .map(([who, what, how, books, number]) => ({ ...who, ...what, ...how, ...books, revision: number }));
