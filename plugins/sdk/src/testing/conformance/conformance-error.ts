/**
 * An extension does not do what the case of that number asks. The message says what it did instead, the cause is what
 * it threw where it did.
 *
 * @example
 * ```ts
 * const stray = defineStrategy({
 *   id: 'stray',
 *   description: 'Buys what it was not given',
 *   config: T.Object({}),
 *   create: () => ({
 *     *onBar() {
 *       yield place({ symbol: 'ELSE', side: 'BUY', quantity: '1' });
 *     },
 *   }),
 * });
 * const numberOf = (error: unknown): string | null => (error instanceof ConformanceError ? error.number : null);
 * const symbols = strategyConformance(stray).find(({ number }) => number === 'S10');
 * await symbols?.run().catch(numberOf); // 'S10'
 * ```
 */
export class ConformanceError extends Error {
  /**
   * "S3", "O3", "F3" or "B3", as in the lists of `strategyConformance`, `optimizerConformance`, `feedConformance` and
   * `brokerConformance`.
   */
  readonly number: string;

  constructor(number: string, message: string, options?: ErrorOptions) {
    super(`${number}: ${message}`, options);
    this.name = 'ConformanceError';
    this.number = number;
  }
}
