/**
 * Seeded randomness. Only integer and basic float arithmetic is used, so that the same seed gives the
 * same numbers on any machine: no Math.log, Math.cos or the like, whose last digit is not specified.
 */

/**
 * Where a {@link Random} stands, to be kept and continued after a restart: the four 32-bit integers of its
 * generator. JSON as it is.
 *
 * @see {@link Random}
 */
export type RandomState = readonly [number, number, number, number];

const UINT32 = 2 ** 32;
const GOLDEN = 0x9e3779b9;

/**
 * Spreads the bits of an integer: the finaliser of MurmurHash3 (Appleby 2011). Of the argument the lower 32 bits
 * count; the result is from 0 to 2^32 - 1, another for every one of them, and no secret.
 *
 * @example
 * ```ts
 * mix(1); // 1364076727
 * mix(2); // 821347078
 * ```
 */
export const mix = (value: number): number => {
  let x = value | 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
};

/**
 * An unsigned 32-bit number from anything that identifies a stream of random numbers: FNV-1a over the code points
 * of each part, with {@link mix} between the parts, so that ('ab', 'c') and ('a', 'bc') differ. A hash for
 * spreading, not for secrets.
 *
 * @example
 * ```ts
 * seedOf('fills', 'ACME', 7); // 2888205553
 * seedOf('ab', 'c') === seedOf('a', 'bc'); // false
 * ```
 */
export const seedOf = (...parts: readonly (string | number)[]): number => {
  let hash = 0x811c9dc5;
  for (const part of parts) {
    for (const char of String(part)) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193);
    hash = mix(hash ^ GOLDEN);
  }
  return hash >>> 0;
};

/**
 * A stream of random numbers: the sfc32 generator of Chris Doty-Humphrey's PractRand. The same seed gives the same
 * numbers on any machine. For simulations and tests, not for secrets.
 *
 * @example
 * ```ts
 * const random = Random.fromSeed('fills', 'ACME');
 * const kept = random.state();
 * const dice = (from: Random) => [1, 2, 3].map(() => from.integer(1, 6));
 * dice(random); // [1, 6, 6]
 * dice(new Random(kept)); // [1, 6, 6]
 * ```
 */
export class Random {
  private a: number;
  private b: number;
  private c: number;
  private counter: number;

  /** Goes on from a state that {@link Random.state} gave; a new stream comes from {@link Random.fromSeed}. */
  constructor(state: RandomState) {
    [this.a, this.b, this.c, this.counter] = state;
  }

  /** A stream of its own for each combination of parts, in their order. */
  static fromSeed(...parts: readonly (string | number)[]): Random {
    const random = new Random([seedOf('a', ...parts), seedOf('b', ...parts), seedOf('c', ...parts), 1]);
    for (let round = 0; round < 12; round += 1) random.uint32();
    return random;
  }

  /** Goes on from there; what it was is lost. */
  setState(state: RandomState): void {
    [this.a, this.b, this.c, this.counter] = state;
  }

  /** Where it stands now; drawing changes it. */
  state(): RandomState {
    return [this.a, this.b, this.c, this.counter];
  }

  /** A whole number from 0 to 2^32 - 1, all equally likely. */
  uint32(): number {
    const result = (this.a + this.b + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = ((this.c << 21) | (this.c >>> 11)) + result;
    this.c |= 0;
    return result >>> 0;
  }

  /** From 0 up to, but not including, 1, in steps of 2^-32. */
  fraction(): number {
    return this.uint32() / UINT32;
  }

  /** A whole number from `low` to `high`, both included; they are fewer than 2^32 apart. */
  integer(low: number, high: number): number {
    return low + Math.floor(this.fraction() * (high - low + 1));
  }

  /**
   * True with that probability, from 0 to 1. Draws nothing when the answer is certain, so that an unused fault does
   * not shift the others.
   */
  chance(probability: number): boolean {
    if (probability <= 0) return false;
    if (probability >= 1) return true;
    return this.fraction() < probability;
  }
}
