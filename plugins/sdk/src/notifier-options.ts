import { Type as T } from '@sinclair/typebox';

/**
 * Options that any notifier has, to be spread into its own: `minSeverity`, below which it
 * leaves notifications out ({@link isAtLeast}), and `timeoutMs`, the deadline of one delivery in milliseconds, 10 000 by default.
 * @example
 * ```ts
 * const config = T.Object({ room: T.String(), ...NOTIFIER_OPTIONS }, { additionalProperties: false });
 * ```
 */
export const NOTIFIER_OPTIONS = {
  minSeverity: T.Union([T.Literal('INFO'), T.Literal('WARNING'), T.Literal('CRITICAL')], {
    default: 'INFO',
    description: 'Less severe notifications are left out',
  }),
  timeoutMs: T.Integer({
    minimum: 100,
    maximum: 120_000,
    default: 10_000,
    description: 'How long one delivery may take, ms',
  }),
};
