/** One measured number. */
export interface Figure {
  /** Within its bench, e.g. `redis`. */
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** value / reference, where the reference was measured in the same run; null where there is none. */
  readonly ratio: number | null;
  /** What `ratio` compares with, or what the value is measured on. */
  readonly reference: string | null;
}

/** A subject that is measured, in a file of its own and listed in registry.ts. */
export interface Bench {
  readonly name: string;
  /** `quick`: small enough that all benches together take less than two minutes. Throws where it cannot run. */
  run(options: { readonly quick: boolean }): AsyncIterable<Figure>;
}
