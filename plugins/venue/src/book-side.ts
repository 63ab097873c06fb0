import type { OrderSide } from '@omniquant/plugin-sdk';

import type { BookFill, BookLevel, RestingOrder } from './book-order.ts';

interface Node {
  readonly id: number;
  readonly side: OrderSide;
  readonly price: number;
  readonly display: number | null;
  leaves: number;
  shown: number;
}

/** Orders of one price in order of time. A Set keeps insertion order and removes in constant time. */
interface Level {
  readonly price: number;
  readonly queue: Set<Node>;
}

/**
 * One side of the book. `prices` is sorted so that the best price is last, where adding and removing
 * is cheap; `levels` has exactly the prices of `prices`, none of them empty.
 */
export class BookSide {
  private readonly side: OrderSide;
  private readonly prices: number[] = [];
  private readonly levels = new Map<number, Level>();
  private readonly nodes = new Map<number, Node>();

  constructor(side: OrderSide) {
    this.side = side;
  }

  get size(): number {
    return this.nodes.size;
  }

  add(order: {
    readonly id: number;
    readonly price: number;
    readonly leaves: number;
    readonly display: number | null;
    readonly shown?: number;
  }): void {
    const { id, price, leaves, display } = order;
    const shown = Math.min(order.shown ?? display ?? leaves, leaves);
    const node: Node = { id, side: this.side, price, display, leaves, shown };
    this.nodes.set(id, node);
    this.levelAt(price).queue.add(node);
  }

  remove(id: number): number {
    const node = this.nodes.get(id);
    if (node === undefined) return 0;
    this.drop(node);
    return node.leaves;
  }

  shrink(id: number, price: number, leaves: number): boolean {
    const node = this.nodes.get(id);
    if (node === undefined || node.price !== price || leaves > node.leaves) return false;
    node.leaves = leaves;
    node.shown = Math.min(node.shown, leaves);
    return true;
  }

  find(id: number): RestingOrder | undefined {
    const node = this.nodes.get(id);
    return node === undefined ? undefined : { ...node };
  }

  bestPrice(): number | null {
    return this.prices.at(-1) ?? null;
  }

  /** Fills from the first order in line, if its price is up to and including `limit`. */
  takeFirst(limit: number | null, quantity: number): BookFill | undefined {
    const node = this.firstNode(limit);
    if (node === undefined) return undefined;
    const taken = Math.min(quantity, node.shown);
    this.reduce(node, taken);
    return { makerId: node.id, price: node.price, quantity: taken, makerLeaves: node.leaves };
  }

  /** The order that would match next. */
  first(): RestingOrder | undefined {
    const node = this.firstNode(null);
    return node === undefined ? undefined : { ...node };
  }

  available(limit: number | null, atMost: number): number {
    let total = 0;
    for (let index = this.prices.length - 1; index >= 0 && total < atMost; index -= 1) {
      const price = this.prices[index];
      if (price === undefined || !this.isWithin(price, limit)) break;
      for (const node of this.levels.get(price)?.queue ?? []) total += node.leaves;
    }
    return Math.min(total, atMost);
  }

  orders(): RestingOrder[] {
    return this.prices
      .toReversed()
      .flatMap((price) => [...(this.levels.get(price)?.queue ?? [])].map((node) => ({ ...node })));
  }

  depth(count: number): BookLevel[] {
    return this.prices
      .slice(-count)
      .toReversed()
      .map((price) => {
        const nodes = [...(this.levels.get(price)?.queue ?? [])];
        return { price, quantity: nodes.reduce((sum, { shown }) => sum + shown, 0), orders: nodes.length };
      });
  }

  private firstNode(limit: number | null): Node | undefined {
    const best = this.prices.at(-1);
    if (best === undefined || !this.isWithin(best, limit)) return undefined;
    return this.levels.get(best)?.queue.values().next().value;
  }

  /** Whether a taker with this limit may trade at a price of this side. */
  private isWithin(price: number, limit: number | null): boolean {
    if (limit === null) return true;
    return this.side === 'SELL' ? price <= limit : price >= limit;
  }

  private reduce(node: Node, taken: number): void {
    node.leaves -= taken;
    node.shown -= taken;
    if (node.leaves === 0) this.drop(node);
    else if (node.shown === 0) this.showMore(node);
  }

  private showMore(node: Node): void {
    node.shown = Math.min(node.display ?? node.leaves, node.leaves);
    const queue = this.levels.get(node.price)?.queue;
    queue?.delete(node);
    queue?.add(node);
  }

  private drop(node: Node): void {
    this.nodes.delete(node.id);
    const level = this.levels.get(node.price);
    level?.queue.delete(node);
    if (level?.queue.size === 0) this.removeLevel(node.price);
  }

  private levelAt(price: number): Level {
    const known = this.levels.get(price);
    if (known !== undefined) return known;
    const level: Level = { price, queue: new Set() };
    this.levels.set(price, level);
    this.prices.splice(this.placeOf(price), 0, price);
    return level;
  }

  private removeLevel(price: number): void {
    this.levels.delete(price);
    this.prices.splice(this.placeOf(price), 1);
  }

  /** Index of a price, or where it belongs. */
  private placeOf(price: number): number {
    let low = 0;
    let high = this.prices.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.isWorse(this.prices[middle] ?? price, price)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private isWorse(a: number, b: number): boolean {
    return this.side === 'BUY' ? a < b : a > b;
  }
}
