import { type ASTNode, type DocumentNode, Kind, type ValueNode, visit } from 'graphql';

type Path = readonly (string | number)[];

/** How a field of the input is named to clients: "input.quantity", "inputs[3].symbol". */
export function formatInputPath(path: Path): string {
  return path
    .map((part, index) => {
      if (typeof part === 'number') return `[${String(part)}]`;
      return index === 0 ? part : `.${part}`;
    })
    .join('');
}

/** Where in the arguments the first value stands that `matches`; null if none does. */
export function findInputPath(document: DocumentNode, matches: (node: ValueNode) => boolean): Path | null {
  let found: Path | null = null;
  const check = (node: ValueNode, path: Path): false | undefined => {
    if (found !== null || !matches(node)) return undefined;
    found = inputPath(document, path);
    return found === null ? undefined : false;
  };
  visit(document, {
    enter: (node, _key, _parent, path) => (isValueNode(node) ? check(node, path) : undefined),
  });
  return found;
}

function isValueNode(node: ASTNode): node is ValueNode {
  return node.kind === Kind.VARIABLE || node.kind.endsWith('Value');
}

/** Names of the argument, the input fields and the list positions on the way to a node; null outside arguments. */
function inputPath(document: DocumentNode, path: Path): Path | null {
  const names: (string | number)[] = [];
  let inArgument = false;
  let node: unknown = document;
  for (const key of path) {
    const parent = node;
    node = (node as Record<string | number, unknown>)[key];
    if (isNode(node) && node.kind === Kind.ARGUMENT) {
      inArgument = true;
      names.length = 0;
      names.push(node.name.value);
    } else if (isNode(node) && node.kind === Kind.OBJECT_FIELD) {
      names.push(node.name.value);
    } else if (Array.isArray(parent) && isNode(node) && isValueNode(node)) {
      names.push(key);
    }
  }
  return inArgument ? names : null;
}

function isNode(value: unknown): value is ASTNode {
  return typeof value === 'object' && value !== null && 'kind' in value;
}
