import { clip } from './notifier-text.ts';

/** Shorter parts of a path are words such as "v2": hiding these would only garble messages. */
const SHORTEST_HIDDEN = 6;
const MASK = '***';
const SHOWN = 200;

/**
 * What must not be shown: the secrets, and the parts of the address, each on its own, for a receiver may
 * quote it with other slashes or another encoding. Longest first, so that no part leaves a rest behind. Parts of the
 * address below 6 characters are words such as "v2" and are left out; a secret of any length is hidden.
 * @example
 * ```ts
 * const url = new URL('https://hooks.acme.example/T0/abcdef123456');
 * hiddenParts(url, ['s3cret']); // the address, its path, 'abcdef123456' and 's3cret'
 * ```
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

/**
 * What a receiver said: short enough for one line of a log, at most 200 UTF-16 units, and without what must not be shown.
 * @param hidden As {@link hiddenParts} gives it.
 * @example
 * ```ts
 * excerpt('no such token:\n  abcdef123456 ', ['abcdef123456']); // 'no such token: ***'
 * ```
 */
export function excerpt(text: string, hidden: readonly string[]): string {
  const line = mask(text, hidden)
    .replaceAll(/[\p{Cc}\s]+/gu, ' ')
    .trim();
  return clip(line, SHOWN);
}

/**
 * The same error, or one that says the same without what must not be shown, its causes included. What is no error
 * becomes its text.
 * @param hidden As {@link hiddenParts} gives it.
 * @example
 * ```ts
 * const cause = withoutHidden(new Error('getaddrinfo ENOTFOUND abcdef123456.example'), ['abcdef123456']);
 * throw new NotifierError('UNREACHABLE', 'the receiver could not be reached', { cause });
 * ```
 */
export function withoutHidden(error: unknown, hidden: readonly string[]): unknown {
  if (!isErrorLike(error)) return mask(String(error), hidden);
  const cause = error.cause === undefined ? undefined : withoutHidden(error.cause, hidden);
  const fields = fieldsOf(error);
  const shown = [error.message, error.stack, fields].join('\n');
  const isClean = fields !== null && mask(shown, hidden) === shown;
  if (isClean && cause === error.cause) return error;
  return new Error(mask(`${error.name}: ${error.message}`, hidden), { cause });
}

/** What else an error carries and a log would print; null when that cannot be told. */
function fieldsOf(error: Error): string | null {
  try {
    return JSON.stringify(Object.entries(error));
  } catch {
    return null;
  }
}

/** Not by class: that of another realm, such as a test runner's, is another. */
function isErrorLike(value: unknown): value is Error {
  return typeof value === 'object' && value !== null && 'message' in value && 'name' in value;
}

function mask(text: string, hidden: readonly string[]): string {
  return hidden.reduce((masked, part) => (part === '' ? masked : masked.replaceAll(part, MASK)), text);
}
