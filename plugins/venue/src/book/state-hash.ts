import type { EngineState } from './engine-state.ts';
import { NONE } from './growing.ts';
import type { LimitOrderBook } from './limit-order-book.ts';
import { ORDER_FLAGS } from './order-flags.ts';
import type { PriceLadder } from './price-ladder.ts';

const TWO_32 = 2 ** 32;

/** Two lanes of 32 bits, each mixed as in MurmurHash3 (Austin Appleby, public domain) with its own seed. */
export class StateHash {
  private first = 0x9747b28c;
  private second = 0x3c6ef372;

  /** Adds a number: any integer that is safe, or NaN. */
  add(value: number): void {
    const isKnown = !Number.isNaN(value);
    this.addWord(isKnown ? value | 0 : 0x7ff80000);
    this.addWord(isKnown ? Math.floor(value / TWO_32) | 0 : 1);
  }

  /** Sixteen hexadecimal digits. */
  digest(): string {
    return finished(this.first) + finished(this.second);
  }

  private addWord(word: number): void {
    this.first = mixed(this.first, word, 0xcc9e2d51, 0x1b873593);
    this.second = mixed(this.second, word, 0x85ebca6b, 0xc2b2ae35);
  }
}

function mixed(hash: number, word: number, a: number, b: number): number {
  const spread = Math.imul(word, a);
  const next = hash ^ Math.imul((spread << 15) | (spread >>> 17), b);
  return (Math.imul((next << 13) | (next >>> 19), 5) + 0xe6546b64) | 0;
}

function finished(hash: number): string {
  let value = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return ((value ^ (value >>> 16)) >>> 0).toString(16).padStart(8, '0');
}

/** Orders of a book in the order in which they would match, each with all that it is. */
export function hashBook(hash: StateHash, book: LimitOrderBook): void {
  hashSide(hash, book, book.bids);
  hashSide(hash, book, book.asks);
}

/**
 * A fingerprint of everything that decides what an engine does next: orders in their order, stop orders,
 * orders for auctions, the last price, the number of trades and the phase. Equal states have equal
 * hashes on any machine, however they came about; the slots that hold them do not matter.
 */
export function stateHash({ book, stops, opening, closing, tape, phase }: EngineState): string {
  const hash = new StateHash();
  hashBook(hash, book);
  hashSide(hash, stops.book, stops.book.bids, (slot) => {
    hash.add(stops.limitOf(slot));
    hash.add(stops.minimumOf(slot));
  });
  hashSide(hash, stops.book, stops.book.asks, (slot) => {
    hash.add(stops.limitOf(slot));
    hash.add(stops.minimumOf(slot));
  });
  for (const { limits, markets } of [opening, closing]) {
    hashBook(hash, limits);
    hashBook(hash, markets);
  }
  hash.add(tape.last);
  hash.add(tape.count);
  hash.add(['CONTINUOUS', 'OPENING_CALL', 'CLOSING_CALL'].indexOf(phase));
  return hash.digest();
}

function hashSide(
  hash: StateHash,
  book: LimitOrderBook,
  ladder: PriceLadder,
  more?: (slot: number) => void,
): void {
  const { orders } = book;
  for (let level = ladder.best; level !== NONE; level = ladder.behind(ladder.levels.price[level]!)) {
    for (let slot = ladder.levels.head[level]!; slot !== NONE; slot = orders.next(slot)) {
      hash.add(orders.id(slot));
      hash.add(book.price(slot));
      hash.add(orders.leaves(slot));
      hash.add(orders.shown(slot));
      hash.add(orders.display(slot));
      hash.add(orders.owner(slot));
      hash.add(orders.flags(slot) & ORDER_FLAGS);
      more?.(slot);
    }
  }
  hash.add(ladder.count);
}
