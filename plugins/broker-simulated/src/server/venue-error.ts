/** A request that the venue does not carry out; `status` is the HTTP status of the answer. */
export class VenueError extends Error {
  readonly code: string;
  readonly status: number;

  constructor(status: number, code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'VenueError';
    this.code = code;
    this.status = status;
  }
}
