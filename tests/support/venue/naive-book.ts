import type { OrderSide } from '@omniquant/plugin-sdk';
import type { BookFill, BookOrder, BookResult, RestingOrder } from '@omniquant/venue/book-order';

type Naive = { -readonly [K in keyof RestingOrder]: RestingOrder[K] };

/** A limit order book written for reading, not for speed: one list, searched and sorted at every step. */
export class NaiveBook {
  /** In order of time; a part that is newly shown is as late as a new order. */
  private list: Naive[] = [];

  orders(side: OrderSide): RestingOrder[] {
    const better = (a: Naive, b: Naive): number => (side === 'BUY' ? b.price - a.price : a.price - b.price);
    return this.list.filter((order) => order.side === side).sort(better);
  }

  submit(order: BookOrder): BookResult {
    const { id, side, price, quantity, timeInForce, postOnly, display } = order;
    const takable = this.orders(side === 'BUY' ? 'SELL' : 'BUY').filter(
      (maker) => price === null || (side === 'BUY' ? maker.price <= price : maker.price >= price),
    );
    const refused: BookResult = { outcome: 'refused', fills: [], leaves: quantity };
    if (postOnly && takable.length > 0) return refused;
    const total = takable.reduce((sum, { leaves }) => sum + leaves, 0);
    if (timeInForce === 'FOK' && total < quantity) return refused;
    const fills: BookFill[] = [];
    let leaves = quantity;
    while (leaves > 0) {
      const maker = this.next(side, price);
      if (maker === undefined) break;
      const traded = Math.min(leaves, maker.shown);
      leaves -= traded;
      maker.shown -= traded;
      maker.leaves -= traded;
      if (maker.shown === 0) {
        this.list = this.list.filter((each) => each !== maker);
        maker.shown = Math.min(maker.leaves, maker.display ?? maker.leaves);
        if (maker.leaves > 0) this.list.push(maker);
      }
      fills.push({ makerId: maker.id, price: maker.price, quantity: traded, makerLeaves: maker.leaves });
    }
    if (leaves === 0) return { outcome: 'done', fills, leaves };
    if (price === null || timeInForce !== 'GTC') return { outcome: 'canceled', fills, leaves };
    this.list.push({ id, side, price, leaves, display, shown: Math.min(display ?? leaves, leaves) });
    return { outcome: 'rested', fills, leaves };
  }

  cancel(id: number): number {
    const found = this.list.find((order) => order.id === id);
    this.list = this.list.filter((order) => order !== found);
    return found?.leaves ?? 0;
  }

  replace(id: number, price: number, quantity: number): BookResult | undefined {
    const found = this.list.find((order) => order.id === id);
    if (found === undefined) return undefined;
    if (found.price === price && quantity <= found.leaves) {
      found.leaves = quantity;
      found.shown = Math.min(found.shown, quantity);
      return { outcome: 'rested', fills: [], leaves: quantity };
    }
    this.cancel(id);
    const { side, display } = found;
    return this.submit({ id, side, price, quantity, display, timeInForce: 'GTC', postOnly: false });
  }

  private next(side: OrderSide, price: number | null): Naive | undefined {
    const [best] = this.orders(side === 'BUY' ? 'SELL' : 'BUY');
    if (best === undefined) return undefined;
    const isTakable = price === null || (side === 'BUY' ? best.price <= price : best.price >= price);
    return isTakable ? this.list.find(({ id }) => id === best.id) : undefined;
  }
}
