import { IdentityError } from './identity-error.ts';

// C0 and C1 controls, DEL included: PostgreSQL refuses NUL, and no name needs the others.
const CONTROL = /\p{Cc}/u;

/** A name as typed: trimmed, NFC, 1 to 100 characters of one line. Throws BAD_USER_INPUT. */
export function parseName(text: string, field: string): string {
  const name = text.trim().normalize('NFC');
  const length = characterCount(name);
  if (length < 1 || length > 100) {
    throw new IdentityError('BAD_USER_INPUT', 'A name has 1 to 100 characters.', { field });
  }
  if (!isPlainText(name)) {
    throw new IdentityError('BAD_USER_INPUT', 'A name has no control characters.', { field });
  }
  return name;
}

export function isPlainText(text: string): boolean {
  return text.isWellFormed() && !CONTROL.test(text);
}

/** Unicode code points, which is what limits on names and passwords count. */
export function characterCount(text: string): number {
  return Array.from(text).length;
}
