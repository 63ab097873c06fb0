/**
 * RFC 8785: members in the order of their UTF-16 code units, no white space, numbers and strings as
 * ECMAScript writes them. Members that are undefined are left out. Not the package of that purpose, as
 * that refuses strings with lone surrogates, and a journal must be able to record what a venue said;
 * they are written escaped.
 */
export function canonicalJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) {
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) {
    return `[${value.map((item) => (item === undefined ? 'null' : canonicalJson(item))).join(',')}]`;
  }
  const members = value as Record<string, unknown>;
  let text = '';
  for (const key of sortedKeys(members)) {
    const member = members[key];
    if (member !== undefined) {
      text += `${text === '' ? '' : ','}${quote(key)}:${canonicalJson(member)}`;
    }
  }
  return `{${text}}`;
}

const PLAIN = /^[\w.:/+ -]*$/;

/** JSON.stringify of a string; most of ours need no escapes, which is quicker to see than to ask for. */
const quote = (text: string): string => (PLAIN.test(text) ? `"${text}"` : JSON.stringify(text));

const sortedKeys = (members: Record<string, unknown>): string[] => Object.keys(members).sort();
