import { getOperationAST, GraphQLError } from 'graphql';
import type { Context, SubscribePayload } from 'graphql-ws';

import { apiError } from '../../../schema/errors/api-error.ts';
import type { OperationCatalog } from '../graphql/operation-catalog.ts';
import type { ErrorPresenter } from '../graphql/present-error.ts';
import type { SubscribedOperation } from '../subscriptions/shared-rendering.ts';
import type { SocketRights } from './socket-rights.ts';
import type { SocketSession } from './socket-session.ts';

/** An operation that a client has begun on a socket. */
export interface BegunOperation extends SubscribedOperation {
  /** As the client named it. */
  readonly id: string;
  /** For metrics and spans. */
  readonly label: string;
  readonly session: SocketSession;
  readonly rights: SocketRights;
}

export interface BeginOptions {
  readonly catalog: OperationCatalog;
  readonly presenter: ErrorPresenter;
  readonly operationsPerSocket: number;
}

/** Parsed, validated and within the limits; or the errors that the client gets instead. */
export function beginOperation(
  options: BeginOptions,
  { extra: session, subscriptions }: Context<Record<string, unknown>, SocketSession>,
  id: string,
  payload: SubscribePayload,
): BegunOperation | GraphQLError[] {
  const { catalog, presenter, operationsPerSocket } = options;
  const { rights } = session;
  if (rights === null || !session.outlet.open) return [apiError('UNAVAILABLE', 'The socket is closing.')];
  if (Object.keys(subscriptions).length > operationsPerSocket) {
    return [apiError('RATE_LIMITED', `A socket carries at most ${String(operationsPerSocket)} operations.`)];
  }
  const { document, errors } = catalog.load(payload.query);
  if (document === null || errors.length > 0) return errors.map((error) => presenter.presentDocument(error));
  const operationName = payload.operationName ?? null;
  const operation = getOperationAST(document, operationName);
  if (!operation) {
    const message = 'The document has no such operation, or several of which one must be named.';
    return [new GraphQLError(message, { extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } })];
  }
  return {
    id,
    document,
    operation,
    operationName,
    key: payload.query,
    variables: payload.variables ?? {},
    label: catalog.label(payload.query, operationName ?? ''),
    session,
    rights,
  };
}
