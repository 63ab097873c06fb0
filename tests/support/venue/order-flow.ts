import { Random } from '@omniquant/plugin-sdk/random';
import { type EngineOrder, engineOrder } from '@omniquant/venue/book/engine-order';
import { EVENT } from '@omniquant/venue/book/event-log';
import { MatchingEngine } from '@omniquant/venue/book/matching-engine';

/** What {@link OrderFlow.kinds} counts. */
export const ADD = 0;
export const CANCEL = 1;
export const TAKE = 2;

/** Commands as columns, so that replaying them measures the book and not the reading of them. */
export interface OrderFlow {
  readonly count: number;
  readonly kinds: Uint8Array;
  /** The order that is sent or, by CANCEL, canceled. */
  readonly ids: Int32Array;
  /** 0 to buy, 1 to sell. */
  readonly sides: Uint8Array;
  readonly prices: Int32Array;
  readonly quantities: Int32Array;
}

const MIDDLE = 100_000;
const SPREAD = 50;

/**
 * A seeded mix of 60 % orders that rest within 50 ticks of the middle, 30 % cancels of a random order that
 * rests, and 10 % orders that take from the best prices. The middle walks a tick up or down now and then.
 */
export function orderFlow(seed: number, count: number): OrderFlow {
  const random = Random.fromSeed('order-flow', seed);
  const flow = emptyFlow(count);
  const engine = new MatchingEngine({ capacity: count });
  const resting = new IdBag();
  const order = engineOrder({});
  let middle = MIDDLE;
  for (let at = 0; at < count; at += 1) {
    if (random.chance(0.001)) middle += random.chance(0.5) ? 1 : -1;
    const dice = random.integer(1, 10);
    const kind = dice <= 6 || resting.size === 0 ? ADD : dice <= 9 ? CANCEL : TAKE;
    const side = random.integer(0, 1);
    const apart = random.integer(1, SPREAD);
    flow.kinds[at] = kind;
    flow.ids[at] = kind === CANCEL ? resting.at(random.integer(0, resting.size - 1)) : at + 1;
    flow.sides[at] = side;
    flow.prices[at] =
      kind === TAKE ? middle + (side === 0 ? SPREAD : -SPREAD) : middle + (side === 0 ? -apart : apart);
    flow.quantities[at] = random.integer(1, 100);
    sendCommand(engine, flow, at, order);
    follow(engine, resting);
  }
  return flow;
}

/** Sends a command of a flow to an engine by way of an order that is filled in anew each time. */
export function sendCommand(engine: MatchingEngine, flow: OrderFlow, at: number, order: EngineOrder): void {
  const id = flow.ids[at]!;
  if (flow.kinds[at] === CANCEL) {
    engine.cancel(id);
    return;
  }
  order.id = id;
  order.side = flow.sides[at] === 0 ? 'BUY' : 'SELL';
  order.price = flow.prices[at]!;
  order.quantity = flow.quantities[at]!;
  engine.submit(order);
}

function follow({ events }: MatchingEngine, resting: IdBag): void {
  for (let index = 0; index < events.count; index += 1) {
    const code = events.kindCode(index);
    if (code === EVENT.RESTED) resting.add(events.id(index));
    else if (code === EVENT.CANCELED) resting.delete(events.id(index));
    else if (code === EVENT.TRADE && events.otherLeaves(index) === 0) resting.delete(events.otherId(index));
  }
}

function emptyFlow(count: number): OrderFlow {
  return {
    count,
    kinds: new Uint8Array(count),
    ids: new Int32Array(count),
    sides: new Uint8Array(count),
    prices: new Int32Array(count),
    quantities: new Int32Array(count),
  };
}

/** Ids of which any one can be picked at random. */
class IdBag {
  private readonly ids: number[] = [];
  private readonly places = new Map<number, number>();

  get size(): number {
    return this.ids.length;
  }

  at(index: number): number {
    return this.ids[index] ?? 0;
  }

  add(id: number): void {
    this.places.set(id, this.ids.length);
    this.ids.push(id);
  }

  delete(id: number): void {
    const place = this.places.get(id);
    const last = this.ids.pop();
    if (place === undefined || last === undefined) throw new Error(`order ${String(id)} does not rest`);
    this.places.delete(id);
    if (last === id) return;
    this.ids[place] = last;
    this.places.set(last, place);
  }
}
