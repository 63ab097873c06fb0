import { badInput } from '../../schema/errors/api-error.ts';

/** Text that is kept for ever must be short. Throws BAD_USER_INPUT. */
export function requireText(value: string, field: string, longest: number): void {
  const length = value.trim().length;
  if (length === 0) throw badInput(`${field} is empty: say something.`, field);
  if (value.length > longest) {
    throw badInput(`${field} has ${String(value.length)} characters: at most ${String(longest)}.`, field);
  }
}

export function requireReason(reason: string): void {
  requireText(reason, 'reason', 500);
}
