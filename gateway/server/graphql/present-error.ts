import { GraphQLError } from 'graphql';

import { IdentityError } from '../../../core/identity/identity-error.ts';
import type { Telemetry } from '../../../core/ports/telemetry.ts';
import { UnavailableError } from '../../../core/runtime/command-reply.ts';
import { ERROR_CODES } from '../../../schema/errors/api-error.ts';
import { parseTraceparent } from '../../telemetry/trace-context.ts';
import { fieldOfLiteral } from './input-errors.ts';

/** Codes of requests that are no proper GraphQL; their messages come from the parser and the validator. */
const REQUEST_CODES = [
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_REQUEST',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_SUPPORTED',
];

const PRESENTABLE: ReadonlySet<unknown> = new Set(
  [...ERROR_CODES, ...REQUEST_CODES].filter((code) => code !== 'INTERNAL'),
);

/** What `extensions` may hold besides the code. */
const DETAILS = ['field', 'retryAfter', 'outcome', 'clientOrderId', 'clientOrderIds'] as const;

/** The request that an error belongs to. */
export interface ErrorOrigin {
  readonly correlationId: string | null;
  readonly traceparent: string | null;
}

export interface ErrorPresenter {
  /** The error as its client may see it: with a known code, without a stack or an internal message. */
  present(error: GraphQLError, origin: ErrorOrigin): GraphQLError;
  /** Of a document that does not parse or validate. */
  presentDocument(error: GraphQLError): GraphQLError;
}

const presented = new WeakSet<GraphQLError>();

export function isPresented(error: unknown): error is GraphQLError {
  return error instanceof GraphQLError && presented.has(error);
}

/**
 * The only way of an error out of the gateway. A code that is not on the list becomes INTERNAL with the
 * ids to tell the operator; what really happened is in the log under the same ids.
 */
export function createErrorPresenter(telemetry: Pick<Telemetry, 'log'>): ErrorPresenter {
  function mask(error: GraphQLError, { correlationId, traceparent }: ErrorOrigin): GraphQLError {
    telemetry.log('error', 'a request failed by a fault of the gateway', {
      error: rootCause(error),
      path: error.path?.join('.'),
      correlationId,
      traceparent,
    });
    const traceId = parseTraceparent(traceparent)?.traceId;
    return rebuild(error, 'The gateway failed at this; its operator can find out why by these ids.', {
      code: 'INTERNAL',
      ...(traceId === undefined ? {} : { traceId }),
      ...(correlationId === null ? {} : { correlationId }),
    });
  }

  return {
    present(error, origin) {
      if (presented.has(error)) return error;
      const known = describe(error);
      return known === null ? mask(error, origin) : rebuild(error, known.message, known.extensions);
    },
    presentDocument(error) {
      if (presented.has(error)) return error;
      const field = fieldOfLiteral(error);
      const code =
        field === null ? (error.extensions['code'] ?? 'GRAPHQL_VALIDATION_FAILED') : 'BAD_USER_INPUT';
      return rebuild(error, error.message, { code, ...(field === null ? {} : { field }) });
    },
  };
}

interface Known {
  readonly message: string;
  readonly extensions: Readonly<Record<string, unknown>>;
}

function describe(error: GraphQLError): Known | null {
  const cause = rootCause(error);
  if (cause instanceof IdentityError) {
    const { code, field, retryAfter } = cause;
    return { message: cause.message, extensions: pick(code, { field, retryAfter }) };
  }
  if (cause instanceof UnavailableError) {
    const message = 'The gateway cannot answer this at the moment; ask again.';
    return { message, extensions: pick('UNAVAILABLE', { ...error.extensions, outcome: cause.outcome }) };
  }
  if (isUnreachable(cause)) {
    return { message: 'The gateway cannot answer this at the moment.', extensions: { code: 'UNAVAILABLE' } };
  }
  const code = error.extensions['code'];
  if (!PRESENTABLE.has(code)) return null;
  return { message: error.message, extensions: pick(String(code), error.extensions) };
}

function pick(code: string, details: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const shown = DETAILS.filter((name) => details[name] !== undefined && details[name] !== null);
  return { code, ...Object.fromEntries(shown.map((name) => [name, details[name]])) };
}

/** A store that did not answer, or a request given up: no fault of the gateway's code. */
function isUnreachable(cause: unknown): boolean {
  if (!(cause instanceof Error)) return false;
  const { code } = cause as { readonly code?: unknown };
  return code === 'DATABASE_UNAVAILABLE' || cause.name === 'AbortError' || cause.name === 'TimeoutError';
}

/** What a resolver threw, under the errors that executors and middleware put around it. */
function rootCause(error: Error): unknown {
  let cause: unknown = error;
  while (cause instanceof GraphQLError && cause.originalError) cause = cause.originalError;
  return cause;
}

function rebuild(
  error: GraphQLError,
  message: string,
  extensions: Readonly<Record<string, unknown>>,
): GraphQLError {
  const result = new GraphQLError(message, {
    ...(error.nodes === undefined ? {} : { nodes: error.nodes }),
    ...(error.source === undefined ? {} : { source: error.source }),
    ...(error.positions === undefined ? {} : { positions: error.positions }),
    ...(error.path === undefined ? {} : { path: error.path }),
    extensions: { ...extensions },
  });
  if (result.locations === undefined && error.locations !== undefined) {
    // Errors of compiled code know their locations, but not the nodes.
    Object.defineProperty(result, 'locations', { value: error.locations, enumerable: true });
  }
  presented.add(result);
  return result;
}
