export type IdentityErrorCode =
  | 'UNAUTHENTICATED'
  | 'INVALID_CREDENTIALS'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'BAD_USER_INPUT'
  | 'RATE_LIMITED'
  | 'UNAVAILABLE';

/** A refusal whose message may be shown to the client. */
export class IdentityError extends Error {
  readonly code: IdentityErrorCode;
  /** Path of the argument that is wrong, e.g. "input.email"; with BAD_USER_INPUT. */
  readonly field: string | null;
  /** Seconds; with RATE_LIMITED. */
  readonly retryAfter: number | null;

  constructor(
    code: IdentityErrorCode,
    message: string,
    options: ErrorOptions & { readonly field?: string; readonly retryAfter?: number } = {},
  ) {
    super(message, options);
    this.name = 'IdentityError';
    this.code = code;
    this.field = options.field ?? null;
    this.retryAfter = options.retryAfter ?? null;
  }
}
