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

/** Of more letters than this the text was not mistyped: something else was meant. */
const MOST_WRONG = 1 / 3;
/** Nothing that is meant is longer. */
const LONGEST = 80;

/**
 * The one that is spelt most like `text`: what somebody who mistyped may have meant. Null where none is like it, with
 * more than a third of the letters wrong.
 */
export function nearestText(text: string, among: readonly string[]): string | null {
  const wanted = text.slice(0, LONGEST).toLowerCase();
  const [nearest] = among
    .map((each) => ({ each, wrong: distance(wanted, each.toLowerCase()) }))
    .filter(({ each, wrong }) => wrong <= Math.ceil(Math.max(wanted.length, each.length) * MOST_WRONG))
    .sort((a, b) => a.wrong - b.wrong);
  return nearest?.each ?? null;
}

/** The same as the end of a sentence, such as ": the nearest is replay"; empty where none is like it. */
export function nearestHint(text: string, among: readonly string[]): string {
  const nearest = nearestText(text, among);
  return nearest === null ? '' : `: the nearest is ${nearest}`;
}
