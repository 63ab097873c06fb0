import { registerEnumType } from 'type-graphql';

/** Makes string values a GraphQL enum; hand the result to `@Field(() => ...)`. */
export function enumType<T extends string>(
  name: string,
  values: readonly T[],
  description?: string,
  describe: Partial<Record<T, string>> = {},
): Readonly<Record<T, T>> {
  const type = Object.fromEntries(values.map((value) => [value, value])) as Record<T, T>;
  const valuesConfig: Partial<Record<T, { description: string }>> = {};
  for (const value of values) {
    const text = describe[value];
    if (text !== undefined) valuesConfig[value] = { description: text };
  }
  registerEnumType(type, { name, valuesConfig, ...(description === undefined ? {} : { description }) });
  return type;
}
