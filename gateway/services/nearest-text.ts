/** Letters to put in, take out or change to make one text of another (Levenshtein's distance). */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let at = 0; at < from.length; at += 1) {
    const next = [at + 1];
    for (let index = 1; index <= to.length; index += 1) {
      const change = (row[index - 1] ?? 0) + (from[at] === to[index - 1] ? 0 : 1);
      next.push(Math.min(change, (row[index] ?? 0) + 1, (next[index - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}

/** The one that is spelt most like `text`: what somebody who mistyped may have meant. Null of none. */
export function nearestText(text: string, among: readonly string[]): string | null {
  const wanted = text.toLowerCase();
  const distances = among.map((each) => [distance(wanted, each.toLowerCase()), each] as const);
  const [nearest] = distances.sort(([a], [b]) => a - b);
  return nearest?.[1] ?? null;
}
