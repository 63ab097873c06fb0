import { setTimeout as sleep } from 'node:timers/promises';

import { Random } from '@omniquant/plugin-sdk/random';

import { ApiRefusal } from './api-client.ts';
import { type Desk, isPlaced, type OrderInput, type PlaceOutcome } from './desk.ts';

/** What a trader was told about one of its orders: the outcome, or that there is no such thing. */
export interface Acknowledged {
  readonly clientOrderId: string;
  readonly input: OrderInput;
  readonly orderId: string | null;
  readonly denial: string | null;
}

/**
 * Trades in one account without end: orders of many kinds, replaces, cancels. Every request has an id
 * that the trader made, and one that is not answered is sent again, unchanged, until it is: across kills
 * of the gateway, which the trader does not know of.
 */
export interface Trader {
  readonly desk: Desk;
  readonly acknowledged: readonly Acknowledged[];
  /** Orders whose cancel was acknowledged. */
  readonly canceled: ReadonlySet<string>;
  /** Requests that were sent more than once. */
  readonly repeats: number;
  go(): void;
  /** Resolves when nothing that was begun lacks an answer. */
  pause(): Promise<void>;
  /** Stops asking, for a test that has failed. */
  abandon(): void;
}

export interface TraderOptions {
  readonly desk: Desk;
  readonly seed: string;
  /** Requests at a time. */
  readonly lanes: number;
  /** Orders with triggers that the trader likes. */
  readonly triggers: boolean;
  /** Between an answer and the next request of a lane: without it traders take what a machine has. */
  readonly thinkMs?: number;
}

const RETRY_MS = 100;
const PRICE = { AAPL: 100, SPX: 2_000 } as const;
const KEPT = 12;

type Symbol = keyof typeof PRICE;

const price = (value: number): string => value.toFixed(2);

export function createTrader({ desk, seed, lanes, thinkMs = 0, triggers }: TraderOptions): Trader {
  const random = Random.fromSeed('trader', seed);
  const acknowledged: Acknowledged[] = [];
  const canceled = new Set<string>();
  const resting: string[] = [];
  let made = 0;
  let repeats = 0;
  let isGoing = false;
  let isAbandoned = false;
  let running: Promise<unknown> = Promise.resolve();

  const nextId = (): string => `${seed}-${String((made += 1))}`;
  const pick = <T>(choices: readonly T[]): T => choices[random.integer(0, choices.length - 1)] as T;

  /** The answer, however often it takes to ask. */
  async function insist<T>(ask: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await ask();
      } catch (error) {
        if (isAbandoned || (error instanceof ApiRefusal && error.code !== 'UNAVAILABLE')) throw error;
        repeats += 1;
        await sleep(RETRY_MS);
      }
    }
  }

  function newOrder(): OrderInput {
    const symbol = pick<Symbol>(['AAPL', 'AAPL', 'SPX']);
    const side = pick(['BUY', 'SELL']);
    const quantity = String(random.integer(1, 5));
    const away = (part: number): string => price(PRICE[symbol] * (side === 'BUY' ? 1 - part : 1 + part));
    const common = { clientOrderId: nextId(), symbol, side, quantity };
    const draw = random.fraction();
    if (draw < 0.4) return { ...common, type: 'MARKET' };
    if (triggers && draw < 0.6) return { ...common, ...trailing() };
    if (draw < 0.85) return { ...common, type: 'LIMIT', timeInForce: 'GTC', limitPrice: away(0.4) };
    const [profit, stop] = side === 'BUY' ? [1.3, 0.7] : [0.7, 1.3];
    return {
      ...common,
      type: 'MARKET',
      takeProfit: { limitPrice: price(PRICE[symbol] * profit) },
      stopLoss: { stopPrice: price(PRICE[symbol] * stop) },
    };
  }

  /** Close enough to be set off now and then. */
  const trailing = (): OrderInput => ({
    type: 'TRAILING_STOP',
    timeInForce: 'GTC',
    trailingOffset: pick(['0.002', '0.02', '0.1']),
    trailingOffsetType: 'PERCENT',
  });

  async function place(): Promise<void> {
    const input = newOrder();
    const outcome: PlaceOutcome = await insist(() => desk.place(input));
    const placed = isPlaced(outcome);
    acknowledged.push({
      clientOrderId: String(input['clientOrderId']),
      input,
      orderId: placed ? outcome.order.id : (outcome.kept?.id ?? null),
      denial: placed ? null : outcome.code,
    });
    if (placed && input['type'] !== 'MARKET') resting.push(outcome.order.id);
    if (resting.length > KEPT) await cancel();
  }

  async function cancel(): Promise<void> {
    const id = resting.shift();
    if (id === undefined) return;
    const answer = await insist(() => desk.cancel(id));
    if ('order' in answer) canceled.add(id);
  }

  async function replace(): Promise<void> {
    const id = resting.at(random.integer(0, Math.max(0, resting.length - 1)));
    if (id === undefined) return;
    const change = { requestId: nextId(), quantity: String(random.integer(1, 6)) };
    await insist(() => desk.replace(id, change));
  }

  async function lane(): Promise<void> {
    while (isGoing) {
      const draw = random.fraction();
      await (draw < 0.65 ? place() : draw < 0.85 ? replace() : cancel());
      if (thinkMs > 0) await sleep(thinkMs);
    }
  }

  return {
    desk,
    acknowledged,
    canceled,
    get repeats() {
      return repeats;
    },
    go() {
      if (isGoing) return;
      isGoing = true;
      running = Promise.all(Array.from({ length: lanes }, lane));
      running.catch(() => undefined);
    },
    async pause() {
      isGoing = false;
      await running;
    },
    abandon() {
      isGoing = false;
      isAbandoned = true;
    },
  };
}
