/** Why a value does not survive JSON, with the path to it; null when it does. */
export function jsonProblem(value: unknown, path: string, within: readonly unknown[] = []): string | null {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return null;
    case 'number':
      return Number.isFinite(value) ? null : `${path} is ${String(value)}, which JSON has none of`;
    case 'object':
      break;
    default:
      return `${path} is of type ${typeof value}, which JSON has none of`;
  }
  if (value === null) return null;
  if (within.includes(value)) return `${path} contains itself`;
  const parents = [...within, value];
  if (Array.isArray(value)) {
    return first(value.map((item, index) => () => jsonProblem(item, `${path}[${String(index)}]`, parents)));
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    return `${path} is an object of a class, which JSON has none of`;
  }
  return first(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(
        ([key, item]) =>
          () =>
            jsonProblem(item, `${path}.${key}`, parents),
      ),
  );
}

const first = (checks: readonly (() => string | null)[]): string | null => {
  for (const check of checks) {
    const problem = check();
    if (problem !== null) return problem;
  }
  return null;
};
