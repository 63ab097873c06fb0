import {
  type FieldNode,
  type FragmentDefinitionNode,
  getNamedType,
  getNullableType,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  isCompositeType,
  isListType,
  isUnionType,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  type SelectionSetNode,
} from 'graphql';

/** Objects that one operation may ask for. */
export const MAX_OBJECTS = 10_000;

/** Members expected of a list that has no `first`. */
const LIST_SIZE = 10;

/** Fields that read and compute as much as so many objects. */
const HEAVY: Readonly<Record<string, number>> = { 'Account.performance': 500 };

type Variables = Readonly<Record<string, unknown>>;
type Fragments = Readonly<Record<string, FragmentDefinitionNode>>;

interface Count {
  readonly schema: GraphQLSchema;
  readonly fragments: Fragments;
  readonly variables: Variables;
  /** Of fragments, by name and the size of the list they stand in: each is counted once, however often spread. */
  readonly known: Map<string, number>;
  /** A stream would compute what is heavy with each of its events. */
  readonly isStream: boolean;
  /** Whether the variables have had a say. */
  variable: boolean;
}

/** Arguments that say how many members a list may have. */
const SIZES: ReadonlySet<string> = new Set(['first', 'maxPoints']);

/** What `first` asks for; null for a field without it. A size that is out of range is refused elsewhere. */
function pageSize(field: GraphQLField<unknown, unknown>, node: FieldNode, count: Count): number | null {
  const argument = field.args.find(({ name }) => SIZES.has(name));
  if (argument === undefined) return null;
  let size: unknown = argument.defaultValue;
  const value = node.arguments?.find(({ name }) => SIZES.has(name.value))?.value;
  if (value?.kind === Kind.INT) size = Number(value.value);
  if (value?.kind === Kind.VARIABLE) {
    count.variable = true;
    size = count.variables[value.name.value] ?? size;
  }
  return typeof size === 'number' ? Math.max(0, size) : LIST_SIZE;
}

/** `listSize`: of the connection around, for the list in it. */
function ofField(
  node: FieldNode,
  parent: GraphQLCompositeType,
  listSize: number | null,
  count: Count,
): number {
  const field = isUnionType(parent) ? undefined : parent.getFields()[node.name.value];
  if (field === undefined || node.selectionSet === undefined) return 0;
  const type = getNamedType(field.type);
  if (!isCompositeType(type)) return 0;
  const size = pageSize(field, node, count);
  const members = isListType(getNullableType(field.type)) ? (size ?? listSize ?? LIST_SIZE) : 1;
  const heavy = HEAVY[`${parent.name}.${field.name}`] ?? 0;
  const own = heavy > 0 && count.isStream ? MAX_OBJECTS : heavy;
  return members * (1 + own + ofSelections(node.selectionSet, type, size, count));
}

function ofSelections(
  set: SelectionSetNode,
  parent: GraphQLCompositeType,
  listSize: number | null,
  count: Count,
): number {
  let total = 0;
  for (const selection of set.selections) {
    if (selection.kind === Kind.FIELD) total += ofField(selection, parent, listSize, count);
    else if (selection.kind === Kind.FRAGMENT_SPREAD) {
      total += ofFragment(selection.name.value, listSize, count);
    } else {
      const type = count.schema.getType(selection.typeCondition?.name.value ?? parent.name);
      total += isCompositeType(type) ? ofSelections(selection.selectionSet, type, listSize, count) : 0;
    }
  }
  return total;
}

function ofFragment(name: string, listSize: number | null, count: Count): number {
  const key = `${name}/${String(listSize)}`;
  const known = count.known.get(key);
  if (known !== undefined) return known;
  const fragment = count.fragments[name];
  const type = fragment && count.schema.getType(fragment.typeCondition.name.value);
  if (fragment === undefined || !isCompositeType(type)) return 0;
  const total = ofSelections(fragment.selectionSet, type, listSize, count);
  count.known.set(key, total);
  return total;
}

/**
 * How many objects a validated operation may ask for. Connections count their `first`, other lists ten
 * members, fields of text and numbers nothing, what is heavy what it says. What does not depend on variables is counted once.
 */
export function createCostOf(schema: GraphQLSchema) {
  const constant = new WeakMap<OperationDefinitionNode, number>();
  return (operation: OperationDefinitionNode, fragments: Fragments, variables: Variables): number => {
    const known = constant.get(operation);
    if (known !== undefined) return known;
    const root = schema.getRootType(operation.operation);
    const isStream = operation.operation === OperationTypeNode.SUBSCRIPTION;
    const count: Count = { schema, fragments, variables, isStream, known: new Map(), variable: false };
    const total = root ? ofSelections(operation.selectionSet, root, null, count) : 0;
    if (!count.variable) constant.set(operation, total);
    return total;
  };
}
