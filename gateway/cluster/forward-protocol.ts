import { createHash, timingSafeEqual } from 'node:crypto';

import { CommandError } from '../../core/engine/decision.ts';
import { NotOwnerError } from '../../core/ports/forwarder.ts';
import { UnavailableError } from '../../core/runtime/command-reply.ts';

/** Grows when the shape of what gateways send each other changes: different versions do not talk. */
export const PROTOCOL_VERSION = 2;
export const EXECUTE_PATH = '/internal/v1/execute';
export const PREVIEW_PATH = '/internal/v1/preview';

/** Largest request: a hundred orders with all their fields, with room to spare. */
export const BODY_LIMIT = 1_048_576;

/** An error as it crosses: one of the kinds that a caller of the command gate may see. */
export type ForwardedError =
  | { readonly kind: 'NOT_OWNER' }
  | { readonly kind: 'UNAVAILABLE'; readonly outcome: 'NOT_PLACED' | 'UNKNOWN'; readonly message: string }
  | {
      readonly kind: 'COMMAND';
      readonly code: 'NOT_FOUND' | 'BAD_USER_INPUT';
      readonly message: string;
      readonly field: string | null;
    };

export function toForwardedError(error: unknown): ForwardedError {
  if (error instanceof NotOwnerError) {
    return { kind: 'NOT_OWNER' };
  }
  if (error instanceof CommandError) {
    return { kind: 'COMMAND', code: error.code, message: error.message, field: error.field };
  }
  if (error instanceof UnavailableError) {
    return { kind: 'UNAVAILABLE', outcome: error.outcome, message: error.message };
  }
  // A bug over there: whether the command took effect cannot be said from here.
  return { kind: 'UNAVAILABLE', outcome: 'UNKNOWN', message: 'the owner of the account failed' };
}

export function fromForwardedError(error: ForwardedError, accountId: string): Error {
  switch (error.kind) {
    case 'NOT_OWNER':
      return new NotOwnerError(accountId);
    case 'COMMAND':
      return new CommandError(error.code, error.message, error.field);
    case 'UNAVAILABLE':
      return new UnavailableError(error.outcome, error.message);
  }
}

/** Compares by digest, so that neither length nor content can be timed. */
export function sameSecret(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
