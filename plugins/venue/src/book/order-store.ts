import { NONE, resizedFloats } from './growing.ts';
import { ORDER_FLAGS } from './order-flags.ts';

/** What every order has takes 32 bytes: two numbers, and four integers behind them. */
const ROW_BYTES = 32;
const NUMBERS = ROW_BYTES / Float64Array.BYTES_PER_ELEMENT;
const INTEGERS = ROW_BYTES / Int32Array.BYTES_PER_ELEMENT;
const [ID, LEAVES] = [0, 1] as const;
const [FLAGS, LEVEL, NEXT, PREVIOUS] = [4, 5, 6, 7] as const;

/** What few orders have lies apart from that, and is not looked at for the others. */
const RARE = 3;
const [SHOWN, DISPLAY, OWNER] = [0, 1, 2] as const;

/** Marks beside the flags of an order: it has a `display`, and with it maybe a hidden part; it has an owner. */
const HAS_DISPLAY = 1 << 30;
const HAS_OWNER = 1 << 29;

/**
 * Orders as rows of one block of memory: an order is a slot. A book of many orders is slow by the memory that it has to
 * fetch, so that a row is small. Slots that are free form a list through `next`; taking and giving back a slot allocates
 * nothing until all are in use, when the block doubles.
 */
export class OrderStore {
  private numbers: Float64Array;
  private integers: Int32Array;
  private rare: Float64Array;
  capacity: number;
  /** The first of the slots that were given back, and the first that has never been taken. */
  private free = NONE;
  private fresh = 0;

  constructor(capacity: number) {
    const rows = new ArrayBuffer(capacity * ROW_BYTES);
    this.capacity = capacity;
    this.numbers = new Float64Array(rows);
    this.integers = new Int32Array(rows);
    this.rare = new Float64Array(capacity * RARE);
  }

  id(slot: number): number {
    return this.numbers[slot * NUMBERS + ID]!;
  }

  /** Lots that are left, the hidden part included. */
  leaves(slot: number): number {
    return this.numbers[slot * NUMBERS + LEAVES]!;
  }

  /** Lots that the book shows of them. */
  shown(slot: number): number {
    return (this.flags(slot) & HAS_DISPLAY) === 0 ? this.leaves(slot) : this.rare[slot * RARE + SHOWN]!;
  }

  /** The most that it shows at a time; 0 shows all. */
  display(slot: number): number {
    return (this.flags(slot) & HAS_DISPLAY) === 0 ? 0 : this.rare[slot * RARE + DISPLAY]!;
  }

  /** Whose order it is; 0 is nobody's. */
  owner(slot: number): number {
    return (this.flags(slot) & HAS_OWNER) === 0 ? 0 : this.rare[slot * RARE + OWNER]!;
  }

  /** See order-flags.ts; bits beside ORDER_FLAGS mean nothing to others. */
  flags(slot: number): number {
    return this.integers[slot * INTEGERS + FLAGS]!;
  }

  /** Slot of the level that it waits at. */
  level(slot: number): number {
    return this.integers[slot * INTEGERS + LEVEL]!;
  }

  /** The order behind it in the level's queue, or NONE. */
  next(slot: number): number {
    return this.integers[slot * INTEGERS + NEXT]!;
  }

  /** The order before it in the level's queue, or NONE. */
  previous(slot: number): number {
    return this.integers[slot * INTEGERS + PREVIOUS]!;
  }

  /** @param shown The same as `leaves` for an order without a display. */
  setLots(slot: number, leaves: number, shown: number): void {
    this.numbers[slot * NUMBERS + LEAVES] = leaves;
    if ((this.flags(slot) & HAS_DISPLAY) !== 0) this.rare[slot * RARE + SHOWN] = shown;
  }

  setNext(slot: number, next: number): void {
    this.integers[slot * INTEGERS + NEXT] = next;
  }

  setPrevious(slot: number, previous: number): void {
    this.integers[slot * INTEGERS + PREVIOUS] = previous;
  }

  /**
   * Writes an order into a slot that was free and returns it. Its place in the queue is to be set.
   *
   * @param shown The same as `leaves` for an order without a display.
   */
  add(
    id: number,
    flags: number,
    leaves: number,
    shown: number,
    display: number,
    owner: number,
    level: number,
  ): number {
    const slot = this.take();
    const { integers, numbers } = this;
    numbers[slot * NUMBERS + ID] = id;
    numbers[slot * NUMBERS + LEAVES] = leaves;
    const marks = (display === 0 ? 0 : HAS_DISPLAY) | (owner === 0 ? 0 : HAS_OWNER);
    integers[slot * INTEGERS + FLAGS] = (flags & ORDER_FLAGS) | marks;
    integers[slot * INTEGERS + LEVEL] = level;
    if (display !== 0) {
      this.rare[slot * RARE + SHOWN] = shown;
      this.rare[slot * RARE + DISPLAY] = display;
    }
    if (owner !== 0) this.rare[slot * RARE + OWNER] = owner;
    return slot;
  }

  give(slot: number): void {
    this.setNext(slot, this.free);
    this.free = slot;
  }

  private take(): number {
    const slot = this.free;
    if (slot !== NONE) {
      this.free = this.next(slot);
      return slot;
    }
    if (this.fresh === this.capacity) this.grow();
    this.fresh += 1;
    return this.fresh - 1;
  }

  private grow(): void {
    const before = this.capacity;
    const rows = new ArrayBuffer(before * 2 * ROW_BYTES);
    this.capacity = before * 2;
    const numbers = new Float64Array(rows);
    // Bits are copied as they are, also where they are integers.
    new BigUint64Array(rows).set(new BigUint64Array(this.numbers.buffer as ArrayBuffer));
    this.numbers = numbers;
    this.integers = new Int32Array(rows);
    this.rare = resizedFloats(this.rare, this.capacity * RARE);
  }
}
