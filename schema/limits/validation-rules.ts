import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  type SelectionSetNode,
  type ValidationRule,
} from 'graphql';

/** Fields inside fields, the root field being the first. */
export const MAX_DEPTH = 8;
export const MAX_ALIASES = 15;
export const MAX_DIRECTIVES = 8;

function refusal(message: string, node: OperationDefinitionNode): GraphQLError {
  return new GraphQLError(message, { nodes: node, extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } });
}

function fragmentsOf(document: DocumentNode): Map<string, FragmentDefinitionNode> {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  return fragments;
}

/** Depth of selections. A fragment is measured once; one that contains itself is another rule's matter. */
function depthMeter(document: DocumentNode): (set: SelectionSetNode) => number {
  const fragments = fragmentsOf(document);
  const known = new Map<string, number>();
  const ofFragment = (name: string): number => {
    const depth = known.get(name);
    if (depth !== undefined) return depth;
    known.set(name, 0);
    const fragment = fragments.get(name);
    const measured = fragment === undefined ? 0 : measure(fragment.selectionSet);
    known.set(name, measured);
    return measured;
  };
  const measure = (set: SelectionSetNode): number =>
    set.selections.reduce((deepest, selection) => {
      if (selection.kind === Kind.FRAGMENT_SPREAD) return Math.max(deepest, ofFragment(selection.name.value));
      if (selection.kind === Kind.INLINE_FRAGMENT) return Math.max(deepest, measure(selection.selectionSet));
      // Introspection is as deep as it is; whether it is allowed is another matter.
      if (selection.name.value.startsWith('__')) return deepest;
      return Math.max(
        deepest,
        1 + (selection.selectionSet === undefined ? 0 : measure(selection.selectionSet)),
      );
    }, 0);
  return measure;
}

const limitDepth: ValidationRule = (context) => ({
  OperationDefinition(node) {
    const depth = depthMeter(context.getDocument())(node.selectionSet);
    if (depth > MAX_DEPTH) {
      context.reportError(refusal(`Fields stand ${String(depth)} deep: at most ${String(MAX_DEPTH)}.`, node));
    }
  },
});

/** Counts in the whole document. */
const limitCounts: ValidationRule = (context) => {
  let aliases = 0;
  let directives = 0;
  return {
    Field(node) {
      if (node.alias !== undefined) aliases += 1;
    },
    Directive() {
      directives += 1;
    },
    Document: {
      leave() {
        const refuse = (count: number, what: string, most: number): void => {
          if (count > most) {
            context.reportError(
              new GraphQLError(`There are ${String(count)} ${what}: at most ${String(most)}.`),
            );
          }
        };
        refuse(aliases, 'aliases', MAX_ALIASES);
        refuse(directives, 'directives', MAX_DIRECTIVES);
      },
    },
  };
};

/** So that nobody tries many passwords, or orders, in one request. */
const oneMutationField: ValidationRule = (context) => {
  const fragments = fragmentsOf(context.getDocument());
  const count = (set: SelectionSetNode, seen: Set<string>): number =>
    set.selections.reduce((total, selection) => {
      if (selection.kind === Kind.FIELD) return total + 1;
      if (selection.kind === Kind.INLINE_FRAGMENT) return total + count(selection.selectionSet, seen);
      const fragment = fragments.get(selection.name.value);
      if (fragment === undefined || seen.has(selection.name.value)) return total;
      seen.add(selection.name.value);
      return total + count(fragment.selectionSet, seen);
    }, 0);
  return {
    OperationDefinition(node) {
      if (node.operation === OperationTypeNode.MUTATION && count(node.selectionSet, new Set()) > 1) {
        context.reportError(refusal('A mutation has one field: send several operations.', node));
      }
    },
  };
};

/** Besides those of the specification. The cost depends on variables and is checked when resolving starts. */
export const VALIDATION_RULES: readonly ValidationRule[] = [limitDepth, limitCounts, oneMutationField];
