import type { NotifierErrorCode } from '@omniquant/plugin-sdk';

/** Bounds of sending again, ms. */
export interface RetryLimits {
  readonly firstMs: number;
  readonly mostMs: number;
  /** A notification that is older and fails is given up; it is tried once more at that age. */
  readonly giveUpMs: number;
}

export const RETRY_FROM_MS = 1_000;
export const RETRY_TO_MS = 300_000;

export interface DeliveryFailure {
  readonly code: NotifierErrorCode;
  /** What the receiver asked for, ms. */
  readonly retryAfterMs: number | null;
}

/** How far a delivery and its channel have come. */
export interface Attempts {
  /** When the notification came up for delivery. */
  readonly createdAt: number;
  /** Of this notification, the one that has just failed included. */
  readonly attempts: number;
  /** Of the channel in a row, whatever was sent, this one included. */
  readonly failures: number;
}

export type AfterFailure =
  | { readonly state: 'REJECTED' | 'GIVEN_UP' }
  | {
      readonly state: 'WAITING';
      readonly nextAttemptAt: number;
      /** Until then nothing else is sent there either. */
      readonly heldUntil: number;
    };

/**
 * What becomes of a notification that was not delivered. REJECTED is final. RATE_LIMITED holds the channel
 * for as long as its receiver asked. UNREACHABLE backs off twofold each time, up to `mostMs`: this one by
 * its own attempts, so that one that a receiver cannot stand is not in the way of the others, and the channel
 * by its failures in a row. The upper half of each wait is left to chance (`chance` in [0, 1)), so that
 * channels with one receiver do not come back together.
 */
export function afterFailure(
  failure: DeliveryFailure,
  { attempts, createdAt, failures }: Attempts,
  now: number,
  chance: number,
  limits: RetryLimits,
): AfterFailure {
  if (failure.code === 'REJECTED') return { state: 'REJECTED' };
  const waitAfter = (times: number): number => {
    const full = Math.min(limits.mostMs, limits.firstMs * 2 ** Math.min(times - 1, 30));
    return Math.round(full * (0.5 + chance / 2));
  };
  const asked = failure.retryAfterMs;
  const own = Math.max(waitAfter(attempts), asked ?? 0);
  const ofChannel = asked ?? waitAfter(failures);
  const last = createdAt + limits.giveUpMs;
  if (now >= last) return { state: 'GIVEN_UP' };
  return { state: 'WAITING', nextAttemptAt: Math.min(now + own, last), heldUntil: now + ofChannel };
}
