import type { GraphQLFieldResolver, GraphQLSchema } from 'graphql';

import { badInput } from './errors/api-error.ts';

/** Throws BAD_USER_INPUT for text that no store can take: with a NUL, or half of a surrogate pair. */
function checkText(value: unknown, path: string, name: string | number): void {
  if (typeof value === 'string') {
    if (!value.includes('\0') && value.isWellFormed()) return;
    const field = pathTo(path, name);
    throw badInput(`${field} holds a character that is no text: leave it out.`, field);
  }
  if (typeof value !== 'object' || value === null) return;
  const inner = pathTo(path, name);
  if (Array.isArray(value)) {
    value.forEach((item, index) => checkText(item, inner, index));
    return;
  }
  for (const [key, held] of Object.entries(value)) {
    checkText(key, inner, '(a name)');
    checkText(held, inner, key);
  }
}

function pathTo(path: string, name: string | number): string {
  if (typeof name === 'number') return `${path}[${String(name)}]`;
  return path === '' ? name : `${path}.${name}`;
}

type Resolver = GraphQLFieldResolver<unknown, unknown, Record<string, unknown>>;

function checked(resolve: Resolver): Resolver {
  return (source, args, context, info) => {
    for (const name of Object.keys(args)) checkText(args[name], '', name);
    return resolve(source, args, context, info);
  };
}

/** Has all arguments of root fields checked before anything looks at them. Changes the schema. */
export function checkTextOfArguments(schema: GraphQLSchema): void {
  for (const type of [schema.getQueryType(), schema.getMutationType()]) {
    for (const field of Object.values(type?.getFields() ?? {})) {
      if (field.args.length > 0 && field.resolve !== undefined) field.resolve = checked(field.resolve);
    }
  }
  for (const field of Object.values(schema.getSubscriptionType()?.getFields() ?? {})) {
    if (field.subscribe !== undefined) field.subscribe = checked(field.subscribe);
  }
}
