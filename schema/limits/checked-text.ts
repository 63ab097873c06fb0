import { badInput } from '../errors/api-error.ts';

function pathTo(path: string, name: string | number): string {
  if (typeof name === 'number') return `${path}[${String(name)}]`;
  return path === '' ? name : `${path}.${name}`;
}

function check(value: unknown, path: string, name: string | number): void {
  if (typeof value === 'string') {
    if (!value.includes('\0') && value.isWellFormed()) return;
    const field = pathTo(path, name);
    throw badInput(`${field} holds a character that is no text: leave it out.`, field);
  }
  if (typeof value !== 'object' || value === null) return;
  const inner = pathTo(path, name);
  if (Array.isArray(value)) {
    value.forEach((item, index) => check(item, inner, index));
    return;
  }
  for (const [key, held] of Object.entries(value)) {
    check(key, path, name);
    check(held, inner, key);
  }
}

/** Throws BAD_USER_INPUT for text that no store can take: with a NUL, or half of a surrogate pair. */
export function checkText(args: Readonly<Record<string, unknown>>): void {
  for (const name of Object.keys(args)) check(args[name], '', name);
}
