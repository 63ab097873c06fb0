import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { type CommandGate } from '../../../core/runtime/command-gate.ts';
import { UnavailableError } from '../../../core/runtime/command-reply.ts';
import { type ApiWorld, at, type Caller, createApiWorld, principalOf } from '../../support/api-world.ts';
import { DENIED, limitOrderOf, PLACE } from './order-documents.ts';

const PLACE_ALL = `mutation($accountId: ID!, $inputs: [PlaceOrderInput!]!) {
  placeOrders(accountId: $accountId, inputs: $inputs) {
    __typename ... on OrderPlaced { replayed order { clientOrderId } } ${DENIED} } }`;
let world: ApiWorld;
let alice: Caller;
let accountId: string;

beforeEach(async () => {
  world = await createApiWorld();
  alice = world.caller(principalOf('workspace-1'));
  accountId = await world.openAccount(alice);
});
afterEach(() => world.gateway.kill());

const limitOrder = (clientOrderId: string, overrides: object = {}) =>
  limitOrderOf(accountId, clientOrderId, overrides);

const place = (input: object) => alice.ask(PLACE, { input });

describe('placeOrder', () => {
  it('answers with the order, without a read', async () => {
    world.readers.queries.length = 0;
    expect(await place(limitOrder('first'))).toEqual({
      placeOrder: {
        __typename: 'OrderPlaced',
        replayed: false,
        order: expect.objectContaining({
          accountId,
          clientOrderId: 'first',
          quantity: '10',
          filledQuantity: '0',
          leavesQuantity: '10',
          averageFillPrice: null,
          limitPrice: '180',
          status: 'SUBMITTED',
          pending: [],
          role: 'SIMPLE',
          origin: 'API',
          traceId: '0af7651916cd43dd8448eb211c80319c',
        }),
      },
    });
    expect(world.readers.queries).toEqual([]);
  });

  it('knows the same request again, however it is written', async () => {
    const first = await place(limitOrder('same'));
    const again = await place(limitOrder('same', { limitPrice: '180', postOnly: false, stopPrice: null }));
    expect(at(again, 'placeOrder.replayed')).toBe(true);
    expect(at(again, 'placeOrder.order.id')).toBe(at(first, 'placeOrder.order.id'));
  });

  it('denies the same id with other content', async () => {
    await place(limitOrder('same'));
    expect(await place(limitOrder('same', { quantity: '11' }))).toMatchObject({
      placeOrder: { __typename: 'OrderDenied', code: 'DUPLICATE_CLIENT_ORDER_ID' },
    });
  });

  it('denies by a rule, with the numbers and the order that was kept', async () => {
    expect(await place(limitOrder('large', { quantity: '100000' }))).toMatchObject({
      placeOrder: {
        __typename: 'OrderDenied',
        code: expect.stringMatching(/^(MAX_|INSUFFICIENT)/),
        details: expect.any(Object),
        denied: { status: 'DENIED' },
      },
    });
  });

  it('denies what makes no order, naming the field', async () => {
    expect(await place(limitOrder('shapeless', { limitPrice: null }))).toMatchObject({
      placeOrder: { code: 'INVALID_ORDER', details: { field: 'limitPrice' }, denied: null },
    });
  });

  it('places brackets with their legs', async () => {
    const answer = await alice.ask(
      `mutation($input: PlaceOrderInput!) { placeOrder(input: $input) { ... on OrderPlaced { order {
        role legs { role status parent { clientOrderId } limitPrice stopPrice heldAt } } } } }`,
      { input: limitOrder('bracket', { takeProfit: { limitPrice: '200' }, stopLoss: { stopPrice: '170' } }) },
    );
    expect(at(answer, 'placeOrder.order')).toEqual({
      role: 'ENTRY',
      legs: expect.arrayContaining([
        expect.objectContaining({
          role: 'TAKE_PROFIT',
          limitPrice: '200',
          parent: { clientOrderId: 'bracket' },
        }),
        expect.objectContaining({ role: 'STOP_LOSS', stopPrice: '170', status: 'HELD', heldAt: 'GATEWAY' }),
      ]),
    });
  });
});

describe('when no answer comes', () => {
  const failing = (outcome: 'NOT_PLACED' | 'UNKNOWN') => (runtime: CommandGate) => {
    const fail = () => Promise.reject(new UnavailableError(outcome, 'internal words'));
    let isFailing = false;
    return {
      gate: {
        ...runtime,
        execute: (...args: Parameters<CommandGate['execute']>) =>
          isFailing ? fail() : runtime.execute(...args),
        executeAll: fail,
        preview: fail,
      },
      fail: () => void (isFailing = true),
    };
  };

  it.each(['NOT_PLACED', 'UNKNOWN'] as const)('says %s and the client order id', async (outcome) => {
    let fail = (): void => undefined;
    world.gateway.kill();
    world = await createApiWorld({
      gate: (runtime) => {
        const made = failing(outcome)(runtime);
        ({ fail } = made);
        return made.gate;
      },
    });
    alice = world.caller(principalOf('workspace-1'));
    accountId = await world.openAccount(alice);
    fail();
    expect(await alice.refusal(PLACE, { input: limitOrder('lost') })).toEqual({
      code: 'UNAVAILABLE',
      outcome,
      clientOrderId: 'lost',
      message: expect.not.stringContaining('internal'),
    });
    expect(
      await alice.refusal(PLACE_ALL, { accountId, inputs: [limitOrder('a'), limitOrder('b')] }),
    ).toMatchObject({
      code: 'UNAVAILABLE',
      clientOrderIds: ['a', 'b'],
    });
  });
});

describe('placeOrders', () => {
  it('answers each in its place, denials among them, after one commit', async () => {
    const appends = world.trading.journal.appends;
    const inputs = [
      limitOrder('a'),
      limitOrder('b', { quantity: '100000' }),
      limitOrder('a'),
      limitOrder('c'),
    ];
    const answer = await alice.ask(PLACE_ALL, { accountId, inputs });
    expect(at(answer, 'placeOrders')).toMatchObject([
      { __typename: 'OrderPlaced', replayed: false, order: { clientOrderId: 'a' } },
      { __typename: 'OrderDenied' },
      { __typename: 'OrderPlaced', replayed: true, order: { clientOrderId: 'a' } },
      { __typename: 'OrderPlaced', replayed: false, order: { clientOrderId: 'c' } },
    ]);
    expect(world.trading.events(accountId).filter(({ event }) => event.type === 'SUBMITTED')).toHaveLength(2);
    expect(world.trading.journal.appends).toBeGreaterThan(appends);
  });

  it('takes at most 100, of one account', async () => {
    const many = Array.from({ length: 101 }, (_, index) => limitOrder(`n-${String(index)}`));
    expect(await alice.refusal(PLACE_ALL, { accountId, inputs: many })).toMatchObject({
      code: 'BAD_USER_INPUT',
      field: 'inputs',
    });
    const other = await world.openAccount(alice);
    const inputs = [limitOrder('a'), limitOrder('b', { accountId: other })];
    expect(await alice.refusal(PLACE_ALL, { accountId, inputs })).toMatchObject({
      code: 'BAD_USER_INPUT',
      field: 'inputs[1].accountId',
    });
    expect(await alice.ask(PLACE_ALL, { accountId, inputs: [] })).toEqual({ placeOrders: [] });
  });
});

describe('previewOrder', () => {
  const PREVIEW = `query($input: PlaceOrderInput!) { previewOrder(input: $input) {
    denial { code details } notional estimatedPrice estimatedFees buyingPowerAfter positionAfter } }`;

  it('works out what placing would do, and does nothing', async () => {
    const events = world.trading.events(accountId).length;
    expect(await alice.ask(PREVIEW, { input: limitOrder('p') })).toEqual({
      previewOrder: {
        denial: null,
        notional: '1800',
        estimatedPrice: '180',
        estimatedFees: '0',
        buyingPowerAfter: '1998200',
        positionAfter: '10',
      },
    });
    expect(await alice.ask(PREVIEW, { input: limitOrder('p', { quantity: '0' }) })).toMatchObject({
      previewOrder: { denial: { code: 'INVALID_ORDER', details: { field: 'quantity' } } },
    });
    expect(world.trading.events(accountId)).toHaveLength(events);
  });
});
