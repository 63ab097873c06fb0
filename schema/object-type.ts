import { ObjectType } from 'type-graphql';

/**
 * An object type whose fields are read as they are, by the executor's default resolver; fields of a
 * `@Resolver` class are added to it. type-graphql would else put a function around every field.
 */
export function PlainType(options: { readonly description?: string } = {}): ClassDecorator {
  return ObjectType({ ...options, simpleResolvers: true });
}
