import type { Denial } from '../risk/denial.ts';
import type { DomainEvent } from './account-event.ts';

/**
 * The answer to a command. `denied` may name an order (the one that the denial was journaled with);
 * a throttled or malformed request leaves no trace and no order.
 */
export type CommandResult =
  | { readonly kind: 'orderPlaced'; readonly orderId: string; readonly replayed: boolean }
  | { readonly kind: 'replaceRequested'; readonly orderId: string }
  | { readonly kind: 'cancelRequested'; readonly orderIds: readonly string[] }
  | {
      readonly kind: 'denied';
      readonly denial: Denial;
      readonly orderId: string | null;
      readonly replayed: boolean;
    }
  | { readonly kind: 'done' };

export interface Decision {
  readonly events: readonly DomainEvent[];
  readonly result: CommandResult;
}

/** A rejected operator's request: not a domain outcome but the caller's mistake. */
export class CommandError extends Error {
  readonly code: 'NOT_FOUND' | 'BAD_USER_INPUT';
  /** Path of the input field that is wrong, if one is. */
  readonly field: string | null;

  constructor(code: 'NOT_FOUND' | 'BAD_USER_INPUT', message: string, field: string | null = null) {
    super(message);
    this.name = 'CommandError';
    this.code = code;
    this.field = field;
  }
}
