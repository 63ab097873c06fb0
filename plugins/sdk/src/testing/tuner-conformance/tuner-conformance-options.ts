import type { SearchSpace } from '../../search-space.ts';

/**
 * What the cases run a tuner with; nothing has to be given.
 *
 * @example
 * ```ts
 * const options: TunerConformanceOptions = {
 *   config: { trials: 40 }, // Few, so that the cases are quick.
 *   badConfigs: [{ trials: 0 }],
 *   spaces: [searchSpace(T.Object({ rate: T.Number({ minimum: 0, maximum: 1 }) }))], // Of numbers only.
 * };
 * ```
 */
export interface TunerConformanceOptions {
  /** Parameters; the schema's defaults when left out. */
  readonly config?: unknown;
  /** Parameters that have to be refused, by the schema or by `check`. */
  readonly badConfigs?: readonly unknown[];
  /** What is searched; spaces of numbers with and without steps, on both scales, and of choices when left out. */
  readonly spaces?: readonly SearchSpace[];
  readonly seed?: string;
  /** Candidates after which a search has to have ended; 5,000 when left out. */
  readonly most?: number;
}
