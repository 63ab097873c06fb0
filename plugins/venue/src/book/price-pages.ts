import { NONE, resizedFloats, resizedInts } from './growing.ts';

/** Ticks of a page. */
const TICKS = 256;
const WORDS = TICKS / 32;
const FIRST_PAGES = 2;

/** The highest bit that is set; for 0 it is NONE. */
const highestBit = (word: number): number => 31 - Math.clz32(word);
const lowestBit = (word: number): number => 31 - Math.clz32(word & -word);

/**
 * From a price to the slot of its level, for any safe integer price, and from a price to the next one
 * below or above that has a level. Prices lie in pages of 256 ticks with a bitmap each; a page exists
 * while it has a level, and a sorted directory finds it. A book has its prices in a few pages, and the
 * page last used is remembered; prices that lie far apart cost a page (about 1 KB) each.
 */
export class PricePages {
  /** The directory: numbers of the pages that exist, ascending, and their places in `levels`. */
  private keys = new Float64Array(FIRST_PAGES);
  private places = new Int32Array(FIRST_PAGES);
  private count = 0;
  /** By place: a level of each tick (only where the bitmap says so), a bitmap, and how many levels. */
  private levels = new Int32Array(FIRST_PAGES * TICKS);
  private bits = new Int32Array(FIRST_PAGES * WORDS);
  private used = new Int32Array(FIRST_PAGES);
  /** Places that no page uses. */
  private free = new Int32Array(FIRST_PAGES);
  private freeCount = 0;
  private lastKey = NaN;
  private lastPlace = NONE;

  constructor() {
    for (let place = FIRST_PAGES - 1; place >= 0; place -= 1) this.release(place);
  }

  /** The level at a price, or NONE. */
  get(price: number): number {
    const key = Math.floor(price / TICKS);
    const place = this.placeOf(key);
    if (place === NONE) return NONE;
    const tick = price - key * TICKS;
    return (this.bits[place * WORDS + (tick >>> 5)]! >>> (tick & 31)) & 1
      ? this.levels[place * TICKS + tick]!
      : NONE;
  }

  /** Puts a level at a price that has none. */
  set(price: number, level: number): void {
    const key = Math.floor(price / TICKS);
    let place = this.placeOf(key);
    if (place === NONE) place = this.addPage(key);
    const tick = price - key * TICKS;
    this.levels[place * TICKS + tick] = level;
    this.bits[place * WORDS + (tick >>> 5)]! |= 1 << (tick & 31);
    this.used[place]! += 1;
  }

  /** Takes out the level at a price that has one. */
  clear(price: number): void {
    const key = Math.floor(price / TICKS);
    const place = this.placeOf(key);
    const tick = price - key * TICKS;
    this.bits[place * WORDS + (tick >>> 5)]! &= ~(1 << (tick & 31));
    this.used[place]! -= 1;
    if (this.used[place] === 0) this.dropPage(key, place);
  }

  /** The level at the next price below, or NONE. */
  below(price: number): number {
    const key = Math.floor(price / TICKS);
    const place = this.placeOf(key);
    if (place !== NONE) {
      const tick = price - key * TICKS;
      let word = tick >>> 5;
      let left = this.bits[place * WORDS + word]! & ((1 << (tick & 31)) - 1);
      while (left === 0 && word > 0) left = this.bits[place * WORDS + --word]!;
      if (left !== 0) return this.levels[place * TICKS + word * 32 + highestBit(left)]!;
    }
    const index = this.indexOf(key) - 1;
    return index < 0 ? NONE : this.lastOf(this.places[index]!);
  }

  /** The level at the next price above, or NONE. */
  above(price: number): number {
    const key = Math.floor(price / TICKS);
    const place = this.placeOf(key);
    if (place !== NONE) {
      const tick = price - key * TICKS;
      let word = tick >>> 5;
      // Two shifts: a shift by 32 is none.
      let left = this.bits[place * WORDS + word]! & ((-1 << (tick & 31)) << 1);
      while (left === 0 && word < WORDS - 1) left = this.bits[place * WORDS + ++word]!;
      if (left !== 0) return this.levels[place * TICKS + word * 32 + lowestBit(left)]!;
    }
    const index = this.indexOf(key) + (place === NONE ? 0 : 1);
    return index >= this.count ? NONE : this.firstOf(this.places[index]!);
  }

  private placeOf(key: number): number {
    if (key === this.lastKey) return this.lastPlace;
    const index = this.indexOf(key);
    if (index >= this.count || this.keys[index] !== key) return NONE;
    this.lastKey = key;
    this.lastPlace = this.places[index]!;
    return this.lastPlace;
  }

  /** Index of a page in the directory, or where it belongs. */
  private indexOf(key: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.keys[middle]! < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private firstOf(place: number): number {
    let word = 0;
    while (this.bits[place * WORDS + word] === 0) word += 1;
    return this.levels[place * TICKS + word * 32 + lowestBit(this.bits[place * WORDS + word]!)]!;
  }

  private lastOf(place: number): number {
    let word = WORDS - 1;
    while (this.bits[place * WORDS + word] === 0) word -= 1;
    return this.levels[place * TICKS + word * 32 + highestBit(this.bits[place * WORDS + word]!)]!;
  }

  private addPage(key: number): number {
    if (this.freeCount === 0) this.grow();
    const index = this.indexOf(key);
    this.keys.copyWithin(index + 1, index, this.count);
    this.places.copyWithin(index + 1, index, this.count);
    this.freeCount -= 1;
    const place = this.free[this.freeCount]!;
    this.keys[index] = key;
    this.places[index] = place;
    this.count += 1;
    this.lastKey = key;
    this.lastPlace = place;
    return place;
  }

  private dropPage(key: number, place: number): void {
    const index = this.indexOf(key);
    this.keys.copyWithin(index, index + 1, this.count);
    this.places.copyWithin(index, index + 1, this.count);
    this.count -= 1;
    this.lastKey = NaN;
    this.release(place);
  }

  private release(place: number): void {
    this.free[this.freeCount] = place;
    this.freeCount += 1;
  }

  private grow(): void {
    const before = this.used.length;
    this.keys = resizedFloats(this.keys, before * 2);
    this.places = resizedInts(this.places, before * 2);
    this.levels = resizedInts(this.levels, before * 2 * TICKS);
    this.bits = resizedInts(this.bits, before * 2 * WORDS);
    this.used = resizedInts(this.used, before * 2);
    this.free = resizedInts(this.free, before * 2);
    for (let place = before * 2 - 1; place >= before; place -= 1) this.release(place);
  }
}
