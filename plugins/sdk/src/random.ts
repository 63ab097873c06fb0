/**
 * Seeded randomness. Only integer and basic float arithmetic is used, so that the same seed gives the
 * same numbers on any machine: no Math.log, Math.cos or the like, whose last digit is not specified.
 */

/** Where a {@link Random} stands, to be kept and continued after a restart. */
export type RandomState = readonly [number, number, number, number];

const UINT32 = 2 ** 32;
const GOLDEN = 0x9e3779b9;

/** Spreads the bits of an integer: the finaliser of MurmurHash3. */
export const mix = (value: number): number => {
  let x = value | 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
};

/** An unsigned 32-bit number from anything that identifies a stream of random numbers. */
export const seedOf = (...parts: readonly (string | number)[]): number => {
  let hash = 0x811c9dc5;
  for (const part of parts) {
    for (const char of String(part)) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193);
    hash = mix(hash ^ GOLDEN);
  }
  return hash >>> 0;
};

/** The sfc32 generator of Chris Doty-Humphrey's PractRand. */
export class Random {
  private a: number;
  private b: number;
  private c: number;
  private counter: number;

  constructor(state: RandomState) {
    [this.a, this.b, this.c, this.counter] = state;
  }

  static fromSeed(...parts: readonly (string | number)[]): Random {
    const random = new Random([seedOf('a', ...parts), seedOf('b', ...parts), seedOf('c', ...parts), 1]);
    for (let round = 0; round < 12; round += 1) random.uint32();
    return random;
  }

  setState(state: RandomState): void {
    [this.a, this.b, this.c, this.counter] = state;
  }

  state(): RandomState {
    return [this.a, this.b, this.c, this.counter];
  }

  uint32(): number {
    const result = (this.a + this.b + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = ((this.c << 21) | (this.c >>> 11)) + result;
    this.c |= 0;
    return result >>> 0;
  }

  /** From 0 up to, but not including, 1. */
  fraction(): number {
    return this.uint32() / UINT32;
  }

  /** A whole number from `low` to `high`, both included. */
  integer(low: number, high: number): number {
    return low + Math.floor(this.fraction() * (high - low + 1));
  }

  /** Draws nothing when the answer is certain, so that an unused fault does not shift the others. */
  chance(probability: number): boolean {
    if (probability <= 0) return false;
    if (probability >= 1) return true;
    return this.fraction() < probability;
  }
}
