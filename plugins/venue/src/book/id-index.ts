import type { OrderStore } from './order-store.ts';

const LOW_BITS = 4;
const LOW_MASK = (1 << LOW_BITS) - 1;
const TWO_32 = 2 ** 32;

/**
 * From an order's id, a safe integer, to its slot: open addressing with linear probing, at most half full. Deleting moves
 * later entries back, so that there are no tombstones and a table that stays at its size never rehashes. An entry is a
 * tag, which is the id unless that has more than 32 bits, and slot + 1, where 0 is empty; the order itself has the
 * whole id. Sixteen ids in a row lie beside each other, since ids of a feed ascend and the recent ones are asked for most.
 */
export class IdIndex {
  private readonly orders: Pick<OrderStore, 'id'>;
  private entries: Int32Array;
  private mask: number;
  private shift: number;
  private count = 0;

  /** @param capacity Ids that there is room for at first; more make it grow. */
  constructor(orders: Pick<OrderStore, 'id'>, capacity: number) {
    const bits = Math.max(LOW_BITS + 1, Math.ceil(Math.log2(Math.max(1, capacity))) + 1);
    this.orders = orders;
    this.entries = new Int32Array(2 * 2 ** bits);
    this.mask = 2 ** bits - 1;
    this.shift = 32 - (bits - LOW_BITS);
  }

  get size(): number {
    return this.count;
  }

  /** The slot of an id, or NONE. */
  get(id: number): number {
    const at = this.placeOf(id);
    return this.entries[2 * at + 1]! - 1;
  }

  /** Adds an id that is not there, whose order is in the slot. */
  set(id: number, slot: number): void {
    if (this.count * 2 > this.mask) this.grow();
    this.put(tagOf(id), slot + 1);
    this.count += 1;
  }

  /** Before the order leaves its slot. */
  delete(id: number): void {
    const { entries, mask } = this;
    let hole = this.placeOf(id);
    if (entries[2 * hole + 1] === 0) return;
    this.count -= 1;
    for (let at = (hole + 1) & mask; entries[2 * at + 1] !== 0; at = (at + 1) & mask) {
      // An entry may move back unless that is before its home.
      if (((at - this.home(entries[2 * at]!)) & mask) < ((at - hole) & mask)) continue;
      entries[2 * hole] = entries[2 * at]!;
      entries[2 * hole + 1] = entries[2 * at + 1]!;
      hole = at;
    }
    entries[2 * hole + 1] = 0;
  }

  /** Where the entry of an id is, or the empty one that ends the search. */
  private placeOf(id: number): number {
    const { entries, mask } = this;
    const tag = tagOf(id);
    let at = this.home(tag);
    for (;;) {
      const slot = entries[2 * at + 1]!;
      if (slot === 0 || (entries[2 * at] === tag && this.orders.id(slot - 1) === id)) return at;
      at = (at + 1) & mask;
    }
  }

  private put(tag: number, entry: number): void {
    let at = this.home(tag);
    while (this.entries[2 * at + 1] !== 0) at = (at + 1) & this.mask;
    this.entries[2 * at] = tag;
    this.entries[2 * at + 1] = entry;
  }

  private grow(): void {
    const { entries } = this;
    this.entries = new Int32Array(entries.length * 2);
    this.mask = this.mask * 2 + 1;
    this.shift -= 1;
    for (let at = 0; at < entries.length; at += 2) {
      if (entries[at + 1] !== 0) this.put(entries[at]!, entries[at + 1]!);
    }
  }

  /** Multiplicative hashing of all but the lowest bits (Knuth, TAOCP 3, 6.4). */
  private home(tag: number): number {
    return ((Math.imul(tag >>> LOW_BITS, 0x9e3779b1) >>> this.shift) << LOW_BITS) | (tag & LOW_MASK);
  }
}

function tagOf(id: number): number {
  if (id < TWO_32) return id | 0;
  return (id | 0) ^ Math.imul((id / TWO_32) | 0, 0x85ebca6b);
}
