import type { EventLog } from './event-log.ts';
import { EVENT } from './event-log.ts';

/** The last trades, kept so that they can be busted, and the prices that the market traded at. */
export class TradeTape {
  /** Number of the last trade; they count from 1. */
  count = 0;
  /** Price of the last trade; NaN before the first. */
  last = NaN;
  /** The range of prices that traded and that stop orders have not been checked against yet. */
  low = Infinity;
  high = -Infinity;
  private readonly mask: number;
  private readonly taker: Float64Array;
  private readonly maker: Float64Array;
  private readonly price: Float64Array;
  private readonly quantity: Float64Array;
  /** Side of the taker; 2 is added when the trade is busted. */
  private readonly marks: Uint8Array;

  /** @param memory How many trades are kept at least. */
  constructor(memory: number) {
    const length = 2 ** Math.ceil(Math.log2(Math.max(2, memory)));
    this.mask = length - 1;
    this.taker = new Float64Array(length);
    this.maker = new Float64Array(length);
    this.price = new Float64Array(length);
    this.quantity = new Float64Array(length);
    this.marks = new Uint8Array(length);
  }

  /** Writes a trade down and returns its number. */
  record(flags: number, taker: number, maker: number, price: number, quantity: number): number {
    this.count += 1;
    const at = this.count & this.mask;
    this.taker[at] = taker;
    this.maker[at] = maker;
    this.price[at] = price;
    this.quantity[at] = quantity;
    this.marks[at] = flags & 1;
    this.tradedAt(price);
    return this.count;
  }

  /** The market traded at a price. */
  tradedAt(price: number): void {
    this.last = price;
    if (price > this.high) this.high = price;
    if (price < this.low) this.low = price;
  }

  /** Stop orders have been checked. */
  forgetRange(): void {
    this.low = Infinity;
    this.high = -Infinity;
  }

  /** Marks a trade as void. */
  bust(trade: number, events: EventLog): 'BUSTED' | 'UNKNOWN_TRADE' | 'ALREADY_BUSTED' {
    if (!Number.isSafeInteger(trade) || trade < 1 || trade > this.count || trade + this.mask < this.count) {
      return 'UNKNOWN_TRADE';
    }
    const at = trade & this.mask;
    const mark = this.marks[at]!;
    if (mark >= 2) return 'ALREADY_BUSTED';
    this.marks[at] = mark + 2;
    const [taker, maker] = [this.taker[at]!, this.maker[at]!];
    events.add(EVENT.BUSTED, mark, taker, maker, this.price[at]!, this.quantity[at]!, 0, 0, trade);
    return 'BUSTED';
  }
}
