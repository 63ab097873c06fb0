/**
 * What the cases run an optimizer with; nothing has to be given.
 *
 * @example
 * ```ts
 * const options: OptimizerConformanceOptions = {
 *   config: { lookback: 60 },
 *   badConfigs: [{ lookback: 0 }, { lookback: '60' }],
 *   assets: 3,
 *   tolerance: 1e-5, // Of the solver.
 * };
 * ```
 */
export interface OptimizerConformanceOptions {
  /** Parameters; the schema's defaults when left out. */
  readonly config?: unknown;
  /** Parameters that have to be refused, by the schema or by `check`. */
  readonly badConfigs?: readonly unknown[];
  /** Of the random prices. */
  readonly seed?: string;
  /** Assets of a portfolio, at least 3; 5 when left out. */
  readonly assets?: number;
  /**
   * How far weights may differ that the rounding of floats alone sets apart (O10, O11, O12); 1e-6 when left out. For
   * solvers that stop at a tolerance of their own.
   */
  readonly tolerance?: number;
}
