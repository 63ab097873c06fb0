import type { Notification } from '@omniquant/plugin-sdk';

import type { GatewayCode } from './alert-texts.ts';
import { gatewayNotification } from './to-notification.ts';

/** Whom a condition concerns: who runs the gateway, or the workspaces that use a broker's connection. */
export type ConditionScope =
  | { readonly kind: 'gateway' }
  | { readonly kind: 'connection'; readonly broker: string; readonly connection: string };

/** Something that is wrong for as long as it is told of. */
export interface Condition {
  /** The same for as long as it lasts, e.g. "plugin:acme". */
  readonly key: string;
  readonly raised: GatewayCode;
  readonly cleared: GatewayCode;
  readonly severity: Notification['severity'];
  readonly subject: string;
  readonly message: string;
  readonly scope: ConditionScope;
  /** How long it has to last before anybody hears of it, ms. */
  readonly graceMs: number;
}

export interface ConditionNotice {
  readonly notification: Notification;
  readonly scope: ConditionScope;
}

interface Known {
  readonly condition: Condition;
  readonly since: number;
  readonly isTold: boolean;
}

/**
 * Tells when a condition has lasted, and when one that was told of is over. Ids begin with `prefix`, which is
 * of this life of the process.
 */
export function createConditionWatch(
  prefix: string,
): (now: number, conditions: readonly Condition[]) => readonly ConditionNotice[] {
  let known = new Map<string, Known>();

  const notice = ({ condition, since }: Known, now: number, isRaised: boolean): ConditionNotice => {
    const { cleared, key, message, raised, scope, severity, subject } = condition;
    const code = isRaised ? raised : cleared;
    const from = new Date(since).toISOString();
    const notification = gatewayNotification(`${prefix}:${key}:${String(since)}:${code}`, now, {
      code,
      subject,
      severity: isRaised ? severity : 'INFO',
      message: isRaised ? message : `It lasted from ${from}`,
      details: { since: from, ...(scope.kind === 'gateway' ? {} : { broker: scope.broker }) },
    });
    return { notification, scope };
  };

  return (now, conditions) => {
    const notices: ConditionNotice[] = [];
    const next = new Map<string, Known>();
    for (const condition of conditions) {
      const former = known.get(condition.key);
      const since = former?.since ?? now;
      const isDue = now - since >= condition.graceMs;
      const entry = { condition, since, isTold: isDue };
      if (isDue && former?.isTold !== true) notices.push(notice(entry, now, true));
      next.set(condition.key, entry);
    }
    for (const [key, former] of known) {
      if (former.isTold && !next.has(key)) notices.push(notice(former, now, false));
    }
    known = next;
    return notices;
  };
}
