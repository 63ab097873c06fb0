import type { JournaledEvent } from '../../../core/engine/account-event.ts';
import type { PlaceOrder } from '../../../core/engine/command.ts';
import { createUuidV7Ids } from '../../../gateway/system/system-clock.ts';
import type { EngineBed } from './engine-bed.ts';

const DEADLINE_MS = 120_000;

export interface OrderLoad {
  /** Of all accounts together. */
  readonly orders: number;
  /** Limit orders far from the market, done when they are acknowledged. Else market orders, done when they have filled. */
  readonly resting: boolean;
  /** Orders of one account that wait for their answers at a time. */
  readonly inFlight: number;
}

/** Ends when every order has been acknowledged and, where it fills, its fill is durable. Throws when one is denied. */
export async function placeOrders(
  { runtime }: EngineBed,
  accounts: readonly string[],
  { orders, resting, inFlight }: OrderLoad,
): Promise<void> {
  const share = Math.ceil(orders / accounts.length);
  const expected = share * accounts.length;
  const filled = Promise.withResolvers<undefined>();
  let fills = 0;
  const stop = runtime.onCommit((_account, events: readonly JournaledEvent[]) => {
    for (const { event } of events) if (event.type === 'FILLED') fills += 1;
    if (fills >= expected) filled.resolve(undefined);
  });

  async function placeOn(accountId: string): Promise<void> {
    let sent = 0;
    const loop = async (): Promise<void> => {
      while (sent < share) {
        sent += 1;
        const { result } = await runtime.execute(accountId, benchOrder(resting, sent), {
          ...{ actor: 'user:bench', correlationId: 'bench', traceparent: null },
          deadline: Date.now() + DEADLINE_MS,
        });
        if (result.kind !== 'orderPlaced') throw new Error(`not placed: ${JSON.stringify(result)}`);
      }
    };
    await Promise.all(Array.from({ length: inFlight }, loop));
  }

  try {
    await Promise.all(accounts.map(placeOn));
    if (!resting) await filled.promise;
  } finally {
    stop();
  }
}

/** Asks for the end of all orders that rest. */
export async function cancelOrders({ runtime }: EngineBed, accounts: readonly string[]): Promise<void> {
  await Promise.all(
    accounts.map((accountId) =>
      runtime.execute(
        accountId,
        { kind: 'cancelAllOrders', symbol: null, reason: null },
        {
          ...{ actor: 'user:bench', correlationId: 'bench', traceparent: null },
          deadline: Date.now() + DEADLINE_MS,
        },
      ),
    ),
  );
}

const idsOfOrders = createUuidV7Ids(() => Date.now());

/** Market orders buy and sell in turn, so that positions stay small. */
function benchOrder(resting: boolean, number: number): PlaceOrder {
  return {
    kind: 'placeOrder',
    clientOrderId: idsOfOrders.next(),
    requestHash: '0'.repeat(64),
    orderId: idsOfOrders.next(),
    takeProfitId: '',
    stopLossId: '',
    terms: {
      symbol: 'AAPL',
      side: resting || number % 2 === 0 ? 'BUY' : 'SELL',
      type: resting ? 'LIMIT' : 'MARKET',
      quantity: '1',
      notional: null,
      limitPrice: resting ? '50' : null,
      stopPrice: null,
      trailingOffset: null,
      trailingOffsetType: null,
      timeInForce: resting ? 'GTC' : 'DAY',
      expireAt: null,
      postOnly: false,
      reduceOnly: false,
      displayQuantity: null,
      extendedHours: false,
    },
    takeProfit: null,
    stopLoss: null,
    strategyId: null,
    origin: 'API',
  };
}
