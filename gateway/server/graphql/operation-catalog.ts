import {
  type DocumentNode,
  getOperationAST,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  parse,
  specifiedRules,
  validate,
  type ValidationRule,
} from 'graphql';
import { LRUCache } from 'lru-cache';

/** Tokens of a document, comments left out. */
export const MAX_TOKENS = 1_000;

const CACHED_DOCUMENTS = 1_000;
/** Characters of all cached documents together. */
const CACHED_TEXT = 8_000_000;

export interface KnownDocument {
  /** Null when the text does not parse. */
  readonly document: DocumentNode | null;
  /** Syntax or validation errors; empty for a document that may be executed. */
  readonly errors: readonly GraphQLError[];
}

export interface OperationCatalog {
  /** Parsed and validated, from the cache if it was seen before. */
  load(text: string): KnownDocument;
  /**
   * What metrics and spans call an operation: its root field, 'multiple', 'introspection' or 'invalid'.
   * A closed set, whatever clients send.
   */
  label(text: unknown, operationName: unknown): string;
}

interface Entry {
  readonly parsed: DocumentNode | GraphQLError;
  errors: readonly GraphQLError[] | null;
  readonly labels: Map<string, string>;
}

/** Documents by their text. */
export function createOperationCatalog(
  schema: GraphQLSchema,
  validationRules: readonly ValidationRule[],
): OperationCatalog {
  const entries = new LRUCache<string, Entry>({
    max: CACHED_DOCUMENTS,
    maxSize: CACHED_TEXT,
    sizeCalculation: (_, text) => text.length + 1,
  });
  const rules = [...specifiedRules, ...validationRules];

  function find(text: string): Entry {
    let entry = entries.get(text);
    if (entry === undefined) {
      entry = { parsed: parseDocument(text), errors: null, labels: new Map() };
      entries.set(text, entry);
    }
    return entry;
  }

  return {
    load(text) {
      const entry = find(text);
      const { parsed } = entry;
      if (parsed instanceof GraphQLError) return { document: null, errors: [parsed] };
      entry.errors ??= validate(schema, parsed, rules);
      return { document: parsed, errors: entry.errors };
    },
    label(text, operationName) {
      if (typeof text !== 'string' || text === '') return 'invalid';
      const { parsed, labels } = find(text);
      if (parsed instanceof GraphQLError) return 'invalid';
      const name = typeof operationName === 'string' ? operationName : '';
      const known = labels.get(name);
      if (known !== undefined) return known;
      const operation = getOperationAST(parsed, name === '' ? null : name);
      // A name that the document lacks is not kept: clients could make up any number of them.
      if (!operation) return 'invalid';
      const label = labelOf(schema, parsed, operation);
      labels.set(name, label);
      return label;
    },
  };
}

function parseDocument(text: string): DocumentNode | GraphQLError {
  try {
    return parse(text, { maxLexicalTokens: MAX_TOKENS });
  } catch (error) {
    const syntax = error instanceof GraphQLError ? error : new GraphQLError('The document cannot be parsed.');
    return new GraphQLError(syntax.message, {
      ...(syntax.source === undefined ? {} : { source: syntax.source }),
      ...(syntax.positions === undefined ? {} : { positions: syntax.positions }),
      extensions: { code: 'GRAPHQL_PARSE_FAILED' },
    });
  }
}

/** Root field names of an operation, fragments included; cycles and unknown fragments end the walk. */
export function rootFieldNames(document: DocumentNode, operation: OperationDefinitionNode): Set<string> {
  const names = new Set<string>();
  const visited = new Set<string>();
  const pending = [operation.selectionSet];
  for (let set = pending.pop(); set !== undefined; set = pending.pop()) {
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) names.add(selection.name.value);
      else if (selection.kind === Kind.INLINE_FRAGMENT) pending.push(selection.selectionSet);
      else if (!visited.has(selection.name.value)) {
        visited.add(selection.name.value);
        for (const definition of document.definitions) {
          if (
            definition.kind === Kind.FRAGMENT_DEFINITION &&
            definition.name.value === selection.name.value
          ) {
            pending.push(definition.selectionSet);
          }
        }
      }
    }
  }
  return names;
}

function labelOf(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode): string {
  const fields = schema.getRootType(operation.operation)?.getFields() ?? {};
  const names = rootFieldNames(document, operation);
  const known = [...names].filter((name) => Object.hasOwn(fields, name));
  const meta = [...names].filter((name) => name.startsWith('__'));
  if (known.length + meta.length < names.size) return 'invalid';
  if (known.length === 0) return meta.length > 0 ? 'introspection' : 'invalid';
  return known.length === 1 ? (known[0] ?? 'invalid') : 'multiple';
}
