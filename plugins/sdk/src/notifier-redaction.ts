import { clip } from './notifier-text.ts';

/** Shorter parts of a path are words such as "v2": hiding these would only garble messages. */
const SHORTEST_HIDDEN = 6;
const MASK = '***';
const SHOWN = 200;

/**
 * What must not be shown: the secrets, and the parts of the address, each on its own, for a receiver may
 * quote it with other slashes or another encoding. Longest first, so that no part leaves a rest behind.
 */
export function hiddenParts(url: URL, secrets: readonly string[]): readonly string[] {
  const parts = [
    url.href,
    url.pathname,
    url.search,
    ...url.pathname.split('/'),
    ...url.searchParams.values(),
  ];
  return [...secrets, ...parts.filter((part) => part.length >= SHORTEST_HIDDEN)].sort(
    (one, other) => other.length - one.length,
  );
}

/** What a receiver said: short enough for one line of a log, and without what must not be shown. */
export function excerpt(text: string, hidden: readonly string[]): string {
  const line = mask(text, hidden)
    .replaceAll(/[\p{Cc}\s]+/gu, ' ')
    .trim();
  return clip(line, SHOWN);
}

/** The same error, or one that says the same without what must not be shown. */
export function withoutHidden(error: unknown, hidden: readonly string[]): unknown {
  if (!(error instanceof Error)) return mask(String(error), hidden);
  const cause = error.cause === undefined ? undefined : withoutHidden(error.cause, hidden);
  const shown = [error.message, error.stack, ...Object.values<unknown>(error)].join('\n');
  if (cause === error.cause && mask(shown, hidden) === shown) return error;
  return new Error(mask(`${error.name}: ${error.message}`, hidden), { cause });
}

function mask(text: string, hidden: readonly string[]): string {
  return hidden.reduce((masked, part) => (part === '' ? masked : masked.replaceAll(part, MASK)), text);
}
