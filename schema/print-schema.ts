import { lexicographicSortSchema, printSchema } from 'graphql';

import { buildSchema } from './build-schema.ts';

/** The text of schema.graphql. */
export function schemaText(): string {
  return `# Emitted by \`npm run schema\`: do not edit.\n\n${printSchema(lexicographicSortSchema(buildSchema()))}\n`;
}
