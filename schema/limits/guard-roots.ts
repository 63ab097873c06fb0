import type { GraphQLFieldResolver, GraphQLResolveInfo, GraphQLSchema } from 'graphql';

import { badInput } from '../errors/api-error.ts';
import { checkText } from './checked-text.ts';
import { createCostOf, MAX_OBJECTS } from './cost.ts';

type Resolver = GraphQLFieldResolver<unknown, unknown, Record<string, unknown>>;

/** Has every operation checked at its root fields, whatever it came in by. Changes the schema. */
export function guardRoots(schema: GraphQLSchema): void {
  const costOf = createCostOf(schema);

  const checkCost = ({ operation, fragments, variableValues }: GraphQLResolveInfo): void => {
    const objects = costOf(operation, fragments, variableValues);
    if (objects > MAX_OBJECTS) {
      throw badInput(
        `The operation may answer with ${String(objects)} objects, and ${String(MAX_OBJECTS)} are the most: ask for fewer at a time.`,
        'first',
      );
    }
  };

  const guarded =
    (resolve: Resolver): Resolver =>
    (source, args, context, info) => {
      checkCost(info);
      checkText(args);
      return resolve(source, args, context, info);
    };

  for (const type of [schema.getQueryType(), schema.getMutationType()]) {
    for (const field of Object.values(type?.getFields() ?? {})) {
      if (field.resolve !== undefined) field.resolve = guarded(field.resolve);
    }
  }
  for (const field of Object.values(schema.getSubscriptionType()?.getFields() ?? {})) {
    if (field.subscribe !== undefined) field.subscribe = guarded(field.subscribe);
  }
}
