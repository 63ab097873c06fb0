import { type ExecutionResult, getOperationAST, GraphQLError, type GraphQLSchema } from 'graphql';

import type { RequestContext } from '../../../schema/context.ts';
import type { ExecutionRequest, Executor } from './compiled-executor.ts';
import { variableErrors } from './input-errors.ts';
import type { ErrorPresenter } from './present-error.ts';

export interface OperationRequest extends ExecutionRequest {
  readonly context: RequestContext;
}

/** Executes a validated operation; its errors are as clients may see them. */
export type OperationExecutor = (request: OperationRequest) => Promise<ExecutionResult>;

export interface OperationExecutorOptions {
  readonly schema: GraphQLSchema;
  readonly executor: Executor;
  readonly presenter: ErrorPresenter;
  /** Names of the schema may be suggested in messages. */
  readonly open: boolean;
}

export function createOperationExecutor(options: OperationExecutorOptions): OperationExecutor {
  const { schema, executor, presenter, open } = options;
  return async (request) => {
    const { context, document, operationName, variables } = request;
    let result: ExecutionResult;
    try {
      result = await executor(request);
    } catch (error) {
      const fault = error instanceof Error ? error : new Error(String(error));
      result = { data: null, errors: [new GraphQLError(fault.message, { originalError: fault })] };
    }
    if (result.errors === undefined || result.errors.length === 0) return result;
    const errors = result.data === undefined ? beforeExecution(result.errors) : result.errors;
    return { ...result, errors: errors.map((error) => presenter.present(error, context)) };

    /** Without data nothing was executed: the operation is unknown, or its variables are wrong. */
    function beforeExecution(found: readonly GraphQLError[]): readonly GraphQLError[] {
      if (!getOperationAST(document, operationName)) {
        return found.map(({ message }) => unresolvedOperation(message));
      }
      const wrong = variableErrors(schema, document, operationName, variables ?? {}, !open);
      return wrong.length > 0 ? wrong : found;
    }
  };
}

function unresolvedOperation(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } });
}
