/** An error's own chain is finite; one that was made by a plugin may not be. */
const MOST_CAUSES = 8;

/**
 * What an error says and what it says caused it, in one line: the first line of each, those left out that the one
 * before has already.
 * @example "acme: importing it failed: Cannot find package 'left-pad' imported from /plugins/acme/index.js"
 */
export function withCauses(error: unknown): string {
  const said: string[] = [];
  for (let next = error, depth = 0; next !== undefined && depth < MOST_CAUSES; depth += 1) {
    const text = firstLine(next);
    if (text !== '' && said.at(-1)?.includes(text) !== true) said.push(text);
    next = next instanceof Error ? next.cause : undefined;
  }
  return said.join(': ');
}

function firstLine(error: unknown): string {
  const text = error instanceof Error && error.message === '' ? error.name : messageOf(error);
  return text.trim().split('\n', 1)[0] ?? '';
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
