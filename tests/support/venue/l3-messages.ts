import type { L3Sink } from '@omniquant/venue/book/l3-publisher';

const ADD = 0;
const REDUCE = 1;
const EXECUTE = 2;
const DELETE = 3;

/** L3 messages as columns, written down as a sink gets them, to be sent again to another one. */
export class L3Messages implements L3Sink {
  count = 0;
  private readonly kinds: Uint8Array;
  private readonly ids: Int32Array;
  private readonly sides: Uint8Array;
  private readonly prices: Int32Array;
  private readonly lots: Int32Array;

  constructor(capacity: number) {
    this.kinds = new Uint8Array(capacity);
    this.ids = new Int32Array(capacity);
    this.sides = new Uint8Array(capacity);
    this.prices = new Int32Array(capacity);
    this.lots = new Int32Array(capacity);
  }

  /** Continuous trading only executes orders that were added. */
  has(): boolean {
    return true;
  }

  add(id: number, side: 'BUY' | 'SELL', price: number, lots: number): void {
    this.sides[this.count] = side === 'BUY' ? 0 : 1;
    this.prices[this.count] = price;
    this.write(ADD, id, lots);
  }

  reduce(id: number, lots: number): void {
    this.write(REDUCE, id, lots);
  }

  execute(id: number, lots: number): void {
    this.write(EXECUTE, id, lots);
  }

  delete(id: number): void {
    this.write(DELETE, id, 0);
  }

  /** Sends message number `at` on. */
  send(at: number, sink: L3Sink): void {
    const id = this.ids[at]!;
    const lots = this.lots[at]!;
    switch (this.kinds[at]) {
      case ADD:
        sink.add(id, this.sides[at] === 0 ? 'BUY' : 'SELL', this.prices[at]!, lots);
        break;
      case REDUCE:
        sink.reduce(id, lots);
        break;
      case EXECUTE:
        sink.execute(id, lots);
        break;
      default:
        sink.delete(id);
        break;
    }
  }

  private write(kind: number, id: number, lots: number): void {
    if (this.count === this.kinds.length) throw new RangeError('there is no room for another message');
    this.kinds[this.count] = kind;
    this.ids[this.count] = id;
    this.lots[this.count] = lots;
    this.count += 1;
  }
}
