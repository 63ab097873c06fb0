import { GraphQLError } from 'graphql';

/** What `extensions.code` may say besides Apollo's own codes for requests that are no GraphQL. */
export const ERROR_CODES = [
  'UNAUTHENTICATED',
  'INVALID_CREDENTIALS',
  'FORBIDDEN',
  'BAD_USER_INPUT',
  'NOT_FOUND',
  'RATE_LIMITED',
  'UNAVAILABLE',
  'CURSOR_INVALID',
  'SLOW_CONSUMER',
  'INTERNAL',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

export interface ErrorDetails {
  /** Path of the argument that is wrong, e.g. "input.quantity". */
  readonly field?: string | null;
  /** With RATE_LIMITED, seconds. */
  readonly retryAfter?: number | null;
  /** With UNAVAILABLE: whether a command had an effect. */
  readonly outcome?: 'NOT_PLACED' | 'UNKNOWN';
  /** With UNAVAILABLE: ask again with it to learn the answer. */
  readonly clientOrderId?: string;
  readonly clientOrderIds?: readonly string[];
  /** With INTERNAL: what to tell the operator. */
  readonly correlationId?: string;
}

/** An error whose message and details the client may see; everything else is presented as INTERNAL. */
export function apiError(code: ErrorCode, message: string, details: ErrorDetails = {}): GraphQLError {
  const known = Object.entries(details).filter(([, value]) => value !== undefined && value !== null);
  return new GraphQLError(message, { extensions: { code, ...Object.fromEntries(known) } });
}

/** BAD_USER_INPUT. A scalar does not know its field: the presenter finds it. */
export function badInput(message: string, field?: string): GraphQLError {
  return apiError('BAD_USER_INPUT', message, field === undefined ? {} : { field });
}

/** NOT_FOUND: the same words for what does not exist and for what is another workspace's. */
export function notFound(what: string, id: string, field: string): GraphQLError {
  return apiError('NOT_FOUND', `There is no ${what} ${JSON.stringify(id.slice(0, 80))} here.`, { field });
}
