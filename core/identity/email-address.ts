import { isPlainText } from './text-input.ts';

const ADDRESS = /^[^\s@]{1,64}@[^\s@.]+(?:\.[^\s@.]+)+$/u;
const MAX_LENGTH = 254;

/**
 * The address as it is kept and compared: trimmed, NFC, lower case; null when it is none. The check is
 * one of form (whether mail arrives, only a mail can tell).
 */
export function normaliseEmail(text: string): string | null {
  if (text.length > 4 * MAX_LENGTH) return null;
  const email = text.trim().normalize('NFC').toLowerCase();
  return email.length <= MAX_LENGTH && ADDRESS.test(email) && isPlainText(email) ? email : null;
}
