import type { TSchema } from '@sinclair/typebox';

import { jsonProblem } from './json-problem.ts';

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What is wrong with the declaration of an extension; null when nothing is. */
export function definitionProblem(definition: {
  readonly id: string;
  readonly description: string;
  readonly config: TSchema;
}): string | null {
  const schema: unknown = definition.config;
  if (!isRecord(schema)) return 'config is no JSON Schema: it has to be an object';
  if (schema['type'] !== 'object') return 'config has to be the schema of an object: type "object"';
  const problem = jsonProblem(schema, 'config');
  if (problem !== null) return problem;
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(definition.id)) {
    return `id ${JSON.stringify(definition.id)} has to be of a-z, 0-9 and single hyphens`;
  }
  return definition.description.trim() === '' ? 'it has no description' : null;
}
