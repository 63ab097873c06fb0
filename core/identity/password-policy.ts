import type { CommonPasswords } from '../ports/credentials.ts';
import { characterCount } from './text-input.ts';

/** Characters, not bytes. Length is what counts; no rule asks for digits or signs. */
export const MIN_PASSWORD_LENGTH = 12;
export const MAX_PASSWORD_LENGTH = 128;
const MIN_BEYOND_EMAIL = 6;

/** As it is hashed: the same password typed on another system composes its accents differently. */
export function normalisePassword(text: string): string {
  return text.normalize('NFC');
}

/** What is wrong with a new password, in words for its owner; null when it will do. */
export function passwordWeakness(password: string, email: string, common: CommonPasswords): string | null {
  if (!password.isWellFormed()) return 'The password holds half a character.';
  const length = characterCount(password);
  if (length < MIN_PASSWORD_LENGTH) return `A password has at least ${MIN_PASSWORD_LENGTH} characters.`;
  if (length > MAX_PASSWORD_LENGTH) return `A password has at most ${MAX_PASSWORD_LENGTH} characters.`;
  const lower = password.toLowerCase();
  if (beyondEmail(lower, email).length < MIN_BEYOND_EMAIL) {
    return 'The password follows from the e-mail address.';
  }
  if (guessableForms(lower).some((form) => form.length === 1 || common.includes(form))) {
    return 'The password is one of those that are tried first.';
  }
  return null;
}

/** What a password has besides the address and its local part. */
function beyondEmail(lower: string, email: string): string {
  const local = email.slice(0, email.lastIndexOf('@'));
  const rest = lower.replaceAll(email, '');
  return local.length < 4 ? rest : rest.replaceAll(local, '');
}

/** No password was ever set that is this long: there is nothing to compare, and hashing it costs. */
export function isTooLong(password: string): boolean {
  return password.length > 2 * MAX_PASSWORD_LENGTH || characterCount(password) > MAX_PASSWORD_LENGTH;
}

/** The password itself, what it repeats, and each of them without a short tail such as "2024!". */
function guessableForms(lower: string): readonly string[] {
  const forms = [lower, repeatedUnit(lower)];
  return [...forms, ...forms.map((form) => form.replace(/[^\p{L}]{1,5}$/u, ''))].filter(
    (form) => form !== '',
  );
}

/** "abcabcabc" repeats "abc"; a text that repeats nothing is its own unit. */
function repeatedUnit(text: string): string {
  const period = (text + text).indexOf(text, 1);
  return text.slice(0, period);
}
