/** A strategy does not do what the case of that number asks. */
export class ConformanceError extends Error {
  /** "S3", as in the list of `strategyConformance`. */
  readonly number: string;

  constructor(number: string, message: string, options?: ErrorOptions) {
    super(`${number}: ${message}`, options);
    this.name = 'ConformanceError';
    this.number = number;
  }
}
