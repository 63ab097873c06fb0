import type { ExecutionResult } from 'graphql';
import { type DocumentNode, Kind, type OperationDefinitionNode, visit } from 'graphql';

import type { Principal } from '../../../core/identity/principal.ts';
import type { Shared } from './shared.ts';

export interface SubscribedOperation {
  readonly document: DocumentNode;
  /** The same for the same document. */
  readonly key: string;
  readonly operation: OperationDefinitionNode;
  readonly operationName: string | null;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Turns an event into the text of a GraphQL result: once, however many subscribers want it. */
export interface Rendering {
  /** Rejects with the error of an event that has no result: it must not be passed over. */
  render(payload: object): string | Promise<string>;
}

export interface SharedRenderings {
  /** `release` is to be called once. */
  acquire(operation: SubscribedOperation, principal: Principal | null): Shared<Rendering>;
}

export type ExecuteEvent = (
  operation: SubscribedOperation,
  principal: Principal | null,
  payload: object,
) => Promise<ExecutionResult>;

/**
 * Subscriptions are equal when document, operation, variables (but the cursor), workspace and rights are:
 * then the same event has the same result for all of them. The text of a result is kept as long as the
 * event itself is, which the feed's readers share.
 */
export function createSharedRenderings(execute: ExecuteEvent): SharedRenderings {
  const renderings = new Map<string, { readonly value: Rendering; users: number }>();
  return {
    acquire(operation, principal) {
      const key = keyOf(operation, principal);
      const entry = renderings.get(key) ?? {
        value: createRendering((payload) => execute(operation, principal, payload)),
        users: 0,
      };
      renderings.set(key, entry);
      entry.users += 1;
      return {
        value: entry.value,
        release() {
          entry.users -= 1;
          if (entry.users === 0) renderings.delete(key);
        },
      };
    },
  };
}

function createRendering(execute: (payload: object) => Promise<ExecutionResult>): Rendering {
  const texts = new WeakMap<object, string | Promise<string>>();

  async function make(payload: object): Promise<string> {
    const result = await execute(payload);
    const [error] = result.errors ?? [];
    if (error !== undefined && (result.data === null || result.data === undefined)) throw error;
    const text = JSON.stringify(result);
    texts.set(payload, text);
    return text;
  }

  return {
    render(payload) {
      const known = texts.get(payload);
      if (known !== undefined) return known;
      const making = make(payload);
      texts.set(payload, making);
      return making;
    },
  };
}

function keyOf(operation: SubscribedOperation, principal: Principal | null): string {
  const rights =
    principal === null ? null : [principal.workspaceId, principal.role, [...principal.scopes].sort()];
  const cursor = cursorVariable(operation);
  const variables = Object.entries(operation.variables).filter(([name]) => name !== cursor);
  return JSON.stringify([rights, operation.operationName, variables, operation.key]);
}

/** The variable that is the root field's `after` and nothing else; it says where to begin, not what to show. */
function cursorVariable({ document, operation }: SubscribedOperation): string | null {
  const [field] = operation.selectionSet.selections;
  const after =
    field?.kind === Kind.FIELD ? field.arguments?.find(({ name }) => name.value === 'after') : undefined;
  if (after?.value.kind !== Kind.VARIABLE) return null;
  const name = after.value.name.value;
  let uses = 0;
  visit(document, {
    VariableDefinition: () => false,
    Variable(node) {
      if (node.name.value === name) uses += 1;
    },
  });
  return uses === 1 ? name : null;
}
