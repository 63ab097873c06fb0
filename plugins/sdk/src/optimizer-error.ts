/**
 * Why there are no weights, for strategies to go by. Optimizers throw the first three, hosts all of them.
 * @see {@link OptimizerError}
 */
export type OptimizerErrorCode =
  /** No weights meet the bounds: their minima sum to more than 1, or they contradict the optimizer's own rules. */
  | 'INFEASIBLE'
  /** The closes are sound and the computation breaks down on them all the same: a solver that does not converge. */
  | 'DEGENERATE'
  /** What was asked makes no sense: no assets, a symbol twice, series of different lengths, a price that is none. */
  | 'BAD_INPUT'
  /** The optimizer answered what the contract does not allow. Given by the host. */
  | 'BAD_WEIGHTS'
  /** It threw something else: a bug of its author's. Given by the host, with the cause. */
  | 'THREW';

const CODES: readonly string[] = [
  'INFEASIBLE',
  'DEGENERATE',
  'BAD_INPUT',
  'BAD_WEIGHTS',
  'THREW',
] satisfies OptimizerErrorCode[];

/**
 * Why an optimizer has no weights. A strategy that does not catch it has failed (STRATEGY_OPTIMIZER_FAILED).
 * @example
 * ```ts
 * throw new OptimizerError('INFEASIBLE', 'the minima sum to 1.2: lower them to 1 in all');
 * ```
 */
export class OptimizerError extends Error {
  readonly code: OptimizerErrorCode;

  constructor(code: OptimizerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'OptimizerError';
    this.code = code;
  }
}

/**
 * Whether an error is an {@link OptimizerError}. By its parts, not by class: a plugin may carry its own copy of this
 * package.
 * @example
 * ```ts
 * function weightsOr(old: Weights, optimizer: LentOptimizer, request: WeightsRequest): Weights {
 *   try {
 *     return optimizer.weights(request) ?? old;
 *   } catch (error) {
 *     if (isOptimizerError(error) && error.code === 'DEGENERATE') return old;
 *     throw error;
 *   }
 * }
 * ```
 */
export function isOptimizerError(value: unknown): value is OptimizerError {
  if (typeof value !== 'object' || value === null) return false;
  if (!('name' in value) || value.name !== 'OptimizerError') return false;
  return 'code' in value && typeof value.code === 'string' && CODES.includes(value.code);
}
