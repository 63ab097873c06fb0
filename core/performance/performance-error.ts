/** Input that no statistic can be made of; the message names the entry and says what to give. */
export class PerformanceError extends Error {
  readonly code: 'OUT_OF_ORDER' | 'INVALID_NUMBER' | 'UNEQUAL_LENGTH' | 'INVALID_PARAMETER';

  constructor(code: PerformanceError['code'], message: string) {
    super(message);
    this.name = 'PerformanceError';
    this.code = code;
  }
}

/** Throws {@link PerformanceError} INVALID_NUMBER for a series with NaN or Infinity in it. */
export const requireFinite = (values: ArrayLike<number>, name: string): void => {
  for (let index = 0; index < values.length; index += 1) {
    if (!Number.isFinite(values[index])) {
      throw new PerformanceError(
        'INVALID_NUMBER',
        `${name}[${index}] is ${String(values[index])}: give finite fractions, such as 0.01 for one per cent`,
      );
    }
  }
};

/** Throws {@link PerformanceError} UNEQUAL_LENGTH for two series that are not of the same days. */
export const requireSameLength = (returns: ArrayLike<number>, benchmark: ArrayLike<number>): void => {
  if (returns.length === benchmark.length) return;
  throw new PerformanceError(
    'UNEQUAL_LENGTH',
    `${benchmark.length} benchmark returns for ${returns.length} returns: give one for each day`,
  );
};
