/** Places where tests make a process die, stop or fail: before and after every commit and every send. */
export const FAILPOINTS = [
  'journal.before-append',
  'journal.after-append',
  'broker.before-submit',
  'broker.after-submit',
  'broker.before-replace',
  'broker.after-replace',
  'broker.before-cancel',
  'broker.after-cancel',
  'broker.before-event',
  'broker.after-event',
  'snapshot.before-save',
  'snapshot.after-save',
  'strategy.before-step',
  'strategy.after-step',
  'lease.before-claim',
  'lease.after-claim',
  'takeover.before',
  'takeover.after',
] as const;

export type Failpoint = (typeof FAILPOINTS)[number];

export interface Failpoints {
  /** Does nothing in production. */
  hit(point: Failpoint): void;
}

export const NO_FAILPOINTS: Failpoints = { hit: () => undefined };
