import { describe, expect, it } from '@jest/globals';
import canonicalize from 'canonicalize';
import fc from 'fast-check';

import {
  canonicalClosePosition,
  canonicalPlaceOrder,
  toPlaceOrder,
  toReplaceOrder,
} from '../../../../gateway/services/order-request.ts';
import type { PlaceOrderRequest } from '../../../../schema/order/order-service.ts';

const text = fc.string({ unit: 'grapheme' });
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
const decimal = fc.constantFrom('1', '0.5', '-3', '100000');

const inputs = fc.record(
  {
    accountId: text,
    clientOrderId: text,
    symbol: text,
    side: fc.constantFrom('BUY' as const, 'SELL' as const),
    type: fc.constantFrom('MARKET' as const, 'LIMIT' as const, 'TRAILING_STOP' as const),
    timeInForce: fc.constantFrom('DAY' as const, 'GTD' as const),
    postOnly: fc.boolean(),
    reduceOnly: fc.boolean(),
    extendedHours: fc.boolean(),
    quantity: optional(decimal),
    notional: optional(decimal),
    limitPrice: optional(decimal),
    stopPrice: optional(decimal),
    trailingOffset: optional(decimal),
    trailingOffsetType: optional(fc.constantFrom('PRICE' as const, 'PERCENT' as const)),
    expireAt: optional(fc.integer()),
    displayQuantity: optional(decimal),
    strategyId: optional(text),
    takeProfit: optional(fc.record({ limitPrice: decimal })),
    stopLoss: optional(fc.record({ stopPrice: optional(decimal), limitPrice: optional(decimal) })),
  },
  {
    requiredKeys: [
      'accountId',
      'clientOrderId',
      'symbol',
      'side',
      'type',
      'timeInForce',
      'postOnly',
      'reduceOnly',
      'extendedHours',
    ],
  },
) as fc.Arbitrary<PlaceOrderRequest>;

const numbered = () => {
  let made = 0;
  return { next: () => `id-${String((made += 1))}` };
};
const hashOf = (input: PlaceOrderRequest): string => toPlaceOrder(input, numbered()).requestHash;

describe('the hash of a request', () => {
  it('is taken of its RFC 8785 form', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const canonical = canonicalPlaceOrder(input);
        expect(canonical).toBe(canonicalize(JSON.parse(canonical)));
      }),
    );
    const closing = canonicalClosePosition({
      accountId: 'a',
      symbol: 'S',
      clientOrderId: 'c',
      quantity: null,
    });
    expect(closing).toBe(canonicalize(JSON.parse(closing)));
  });

  it('is the same for null and nothing, and another for every field that differs', () => {
    fc.assert(
      fc.property(inputs, inputs, (input, other) => {
        const given = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== null));
        expect(hashOf(given as unknown as PlaceOrderRequest)).toBe(hashOf(input));
        for (const name of Object.keys(other) as (keyof PlaceOrderRequest)[]) {
          const changed = { ...input, [name]: other[name] };
          const same =
            canonicalize({ v: changed[name] ?? null }) === canonicalize({ v: input[name] ?? null });
          if (same) expect(hashOf(changed)).toBe(hashOf(input));
          else if (name !== 'stopLoss') expect(hashOf(changed)).not.toBe(hashOf(input));
        }
      }),
    );
  });

  it('does not change from one release to the next', () => {
    const input: PlaceOrderRequest = {
      accountId: 'account',
      clientOrderId: 'client',
      symbol: 'AAPL',
      side: 'BUY',
      type: 'LIMIT',
      quantity: '10',
      limitPrice: '180',
      timeInForce: 'DAY',
      postOnly: false,
      reduceOnly: false,
      extendedHours: false,
    };
    expect(hashOf(input)).toBe('5f5bc4dab204149274f2196e081c7ce7f2b2fb62df31a2e1d8918e32d6752bc9');
  });
});

describe('commands', () => {
  it('have ids for the legs that they have', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const command = toPlaceOrder(input, numbered());
        expect(command.takeProfitId === '').toBe(command.takeProfit === null);
        expect(command.stopLossId === '').toBe(command.stopLoss === null);
        expect(new Set([command.orderId, command.takeProfitId || 't', command.stopLossId || 's']).size).toBe(
          3,
        );
      }),
    );
  });

  it('replace what is given', () => {
    expect(toReplaceOrder({ id: 'o', requestId: 'r', limitPrice: '5', stopPrice: null })).toEqual({
      kind: 'replaceOrder',
      orderId: 'o',
      requestId: 'r',
      limitPrice: '5',
    });
  });
});
