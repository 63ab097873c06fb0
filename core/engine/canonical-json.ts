/**
 * RFC 8785: members in the order of their UTF-16 code units, no white space, numbers and strings as
 * ECMAScript writes them. Members that are undefined are left out. Not the package of that purpose, as
 * that refuses strings with lone surrogates, and a journal must be able to record what a venue said;
 * they are written escaped. Order and quotes of the names are remembered for each shape of object.
 */
export function canonicalJson(value: unknown): string {
  if (typeof value === 'string') return quote(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) {
    return `[${value.map((item) => (item === undefined ? 'null' : canonicalJson(item))).join(',')}]`;
  }
  const members = value as Readonly<Record<string, unknown>>;
  return membersJson(members, fieldsOf(members));
}

/** Names of members with how they are written. */
interface Fields {
  readonly names: readonly string[];
  readonly heads: readonly string[];
}

function toFields(names: readonly string[]): Fields {
  return { names, heads: names.map((name) => `${JSON.stringify(name)}:`) };
}

/** An object of these members, in this order; values within are canonical. */
function membersJson(object: object, { names, heads }: Fields): string {
  const members = object as Readonly<Record<string, unknown>>;
  let text = '{';
  for (let index = 0; index < names.length; index += 1) {
    const member = members[names[index] ?? ''];
    if (member !== undefined) {
      text += `${text === '{' ? '' : ','}${heads[index] ?? ''}${member === null ? 'null' : canonicalJson(member)}`;
    }
  }
  return `${text}}`;
}

const PLAIN = /^[\w.:/+ -]*$/;

/** JSON.stringify of a string; most of ours need no escapes, which is quicker to see than to ask for. */
const quote = (text: string): string => (PLAIN.test(text) ? `"${text}"` : JSON.stringify(text));

interface Shape {
  readonly names: readonly string[];
  readonly sorted: Fields;
}

const MAX_SHAPES = 1_000;
const shapes = new Map<string, Shape>();

/** Objects are made by few literals, so that the names seen last under a key are nearly always the same. */
function fieldsOf(members: Readonly<Record<string, unknown>>): Fields {
  const names = Object.keys(members);
  const key = `${String(names.length)}${names[0] ?? ''} ${names[names.length - 1] ?? ''}`;
  const known = shapes.get(key);
  if (known !== undefined && areSame(known.names, names)) return known.sorted;
  const sorted = toFields(names.toSorted());
  if (shapes.size >= MAX_SHAPES) shapes.clear();
  shapes.set(key, { names, sorted });
  return sorted;
}

export function areSame(a: readonly string[], b: readonly string[]): boolean {
  for (let index = 0; index < b.length; index += 1) {
    if (a[index] !== b[index]) return false;
  }
  return a.length === b.length;
}
