import { type ExecutionResult, getOperationAST, GraphQLError, type GraphQLSchema } from 'graphql';

import type { RequestContext } from '../../../schema/context.ts';
import type { ExecutionRequest, Executor } from './compiled-executor.ts';
import { variableErrors } from './input-errors.ts';
import type { ErrorPresenter } from './present-error.ts';

export interface OperationRequest extends ExecutionRequest {
  readonly context: RequestContext;
}

export interface OperationExecutor {
  /** Executes a validated operation; its errors are as clients may see them. */
  readonly execute: (request: OperationRequest) => Promise<ExecutionResult>;
  /** The same for a result from elsewhere: the refusal of a subscription. */
  readonly present: (request: OperationRequest, result: ExecutionResult) => ExecutionResult;
}

export interface OperationExecutorOptions {
  readonly schema: GraphQLSchema;
  readonly executor: Executor;
  readonly presenter: ErrorPresenter;
  /** Names of the schema may be suggested in messages. */
  readonly open: boolean;
}

export function createOperationExecutor(options: OperationExecutorOptions): OperationExecutor {
  const { schema, executor, presenter, open } = options;

  /** Without data nothing was executed: the operation is unknown, or its variables are wrong. */
  function beforeExecution(
    { document, operationName, variables }: OperationRequest,
    found: readonly GraphQLError[],
  ): readonly GraphQLError[] {
    if (!getOperationAST(document, operationName)) {
      return found.map(({ message }) => unresolvedOperation(message));
    }
    const wrong = variableErrors(schema, document, operationName, variables ?? {}, !open);
    return wrong.length > 0 ? wrong : found;
  }

  function present(request: OperationRequest, result: ExecutionResult): ExecutionResult {
    if (result.errors === undefined || result.errors.length === 0) return result;
    const errors = result.data === undefined ? beforeExecution(request, result.errors) : result.errors;
    return { ...result, errors: errors.map((error) => presenter.present(error, request.context)) };
  }

  return {
    present,
    async execute(request) {
      try {
        return present(request, await executor(request));
      } catch (error) {
        const fault = error instanceof Error ? error : new Error(String(error));
        const failed = { data: null, errors: [new GraphQLError(fault.message, { originalError: fault })] };
        return present(request, failed);
      }
    },
  };
}

function unresolvedOperation(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } });
}
