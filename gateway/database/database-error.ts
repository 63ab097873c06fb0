export type DatabaseErrorCode =
  /** Another gateway runs on this DATA_DIR. */
  | 'DATA_DIR_IN_USE'
  /** The embedded PostgreSQL could not be set up or started here; the message says what to do. */
  | 'EMBEDDED_POSTGRES'
  /** The database was migrated by a newer gateway. */
  | 'SCHEMA_NEWER'
  /** Migrations have not been run, or one failed. */
  | 'SCHEMA_NOT_READY'
  /** A role has more rights than it may have, or lacks some. */
  | 'ROLE_RIGHTS'
  /** Unreachable, or no answer within the deadline. */
  | 'DATABASE_UNAVAILABLE';

/** A fault of the database's setup or reachability; the message is one line and names what to do. */
export class DatabaseError extends Error {
  readonly code: DatabaseErrorCode;

  constructor(code: DatabaseErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'DatabaseError';
    this.code = code;
  }
}

export function unavailable(what: string, cause: unknown): DatabaseError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new DatabaseError('DATABASE_UNAVAILABLE', `${what} could not be reached in the database: ${why}`, {
    cause,
  });
}
