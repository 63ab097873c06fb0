import type { Notification } from '@omniquant/plugin-sdk';

import { actorOf, type Principal, requireScope } from '../../core/identity/principal.ts';
import type { Clock, Ids } from '../../core/ports/clock.ts';
import type {
  ChannelChange,
  ChannelRow,
  ChannelSettings,
  NotificationChannels,
} from '../../core/ports/notification-channels.ts';
import type { NotificationSender, NotifierCatalog } from '../../core/ports/notifiers.ts';
import type { RequestContext } from '../../schema/context.ts';
import { apiError, badInput, notFound } from '../../schema/errors/api-error.ts';
import type { NotificationService } from '../../schema/notification/notification-service.ts';
import type { AccountAccess } from './account-access.ts';
import { checkCodes, checkedConfig, checkedSecrets, requireNotifier } from './notification-request.ts';
import { requireText } from './text-arguments.ts';

/** Of a workspace. */
const MOST_CHANNELS = 20;
const MOST_ACCOUNTS = 500;
const MOST_LISTED = 500;

export interface NotificationServiceOptions {
  readonly access: AccountAccess;
  readonly channels: NotificationChannels;
  readonly notifiers: NotifierCatalog;
  readonly sender: NotificationSender;
  readonly ids: Ids;
  readonly clock: Pick<Clock, 'now'>;
  /** Whether the caller's workspace runs this gateway. */
  readonly isOperator: (principal: Principal, signal: AbortSignal) => Promise<boolean>;
}

export function createNotificationService(options: NotificationServiceOptions): NotificationService {
  const { access, channels, clock, ids, notifiers } = options;

  const find = async (context: RequestContext, id: string, field = 'id'): Promise<ChannelRow> => {
    const { workspaceId } = requireScope(context.principal, 'ADMIN');
    const found = await channels.find(workspaceId, id, context.signal);
    if (found === null) throw notFound('notification channel', id, field);
    return found;
  };

  const changeOf = (principal: Principal): ChannelChange => ({
    workspaceId: principal.workspaceId,
    actor: actorOf(principal),
    at: clock.now(),
  });

  async function check(context: RequestContext, settings: ChannelSettings): Promise<void> {
    const { accountIds, codes, everyWorkspace, name } = settings;
    requireText(name, 'input.name', 100);
    checkCodes(codes);
    if (everyWorkspace && !(await options.isOperator(context.requirePrincipal(), context.signal))) {
      throw apiError('FORBIDDEN', 'input.everyWorkspace is for the workspace that runs the gateway.', {
        field: 'input.everyWorkspace',
      });
    }
    if (accountIds === null) return;
    if (accountIds.length === 0 || accountIds.length > MOST_ACCOUNTS) {
      const message = `input.accountIds are 1 to ${String(MOST_ACCOUNTS)}: leave it out for all.`;
      throw badInput(message, 'input.accountIds');
    }
    await access.learn(context, accountIds);
    for (const [index, id] of accountIds.entries()) {
      await access.require(context, id, `input.accountIds[${String(index)}]`);
    }
  }

  return {
    async channels(context) {
      const { workspaceId } = requireScope(context.principal, 'ADMIN');
      return channels.list(workspaceId, context.signal);
    },

    async undelivered(context, channelId, first) {
      const { workspaceId } = requireScope(context.principal, 'ADMIN');
      if (first < 1 || first > MOST_LISTED) {
        throw badInput(`first is 1 to ${String(MOST_LISTED)}.`, 'first');
      }
      await find(context, channelId, 'channelId');
      return channels.undelivered(workspaceId, channelId, first, context.signal);
    },

    async create(context, input) {
      const principal = requireScope(context.principal, 'ADMIN');
      const notifier = requireNotifier(notifiers, input.notifier);
      const settings: ChannelSettings = {
        name: input.name.trim(),
        notifier: notifier.id,
        config: checkedConfig(notifier, input.config ?? {}),
        minimumSeverity: input.minimumSeverity,
        codes: input.codes ?? null,
        accountIds: input.accountIds ?? null,
        everyWorkspace: input.everyWorkspace,
        enabled: true,
      };
      const secrets = checkedSecrets(notifier, input.secrets ?? {});
      await check(context, settings);
      const id = ids.next();
      const change = changeOf(principal);
      if (!(await channels.create(change, id, settings, secrets, MOST_CHANNELS, context.signal))) {
        const most = String(MOST_CHANNELS);
        throw badInput(`A workspace has at most ${most} notification channels: delete one.`, 'input');
      }
      return find(context, id);
    },

    async update(context, id, input) {
      const principal = requireScope(context.principal, 'ADMIN');
      const before = await find(context, id);
      const renewed = input.config ?? input.secrets ?? null;
      // Settings can be changed while the plugin is away, but only those that it need not check.
      const notifier = renewed === null ? null : requireNotifier(notifiers, before.notifier);
      const config = input.config ?? null;
      const secrets = input.secrets ?? null;
      const settings: ChannelSettings = {
        name: (input.name ?? before.name).trim(),
        notifier: before.notifier,
        config: notifier === null || config === null ? before.config : checkedConfig(notifier, config),
        minimumSeverity: input.minimumSeverity ?? before.minimumSeverity,
        codes: input.codes === undefined ? before.codes : input.codes,
        accountIds: input.accountIds === undefined ? before.accountIds : input.accountIds,
        everyWorkspace: input.everyWorkspace ?? before.everyWorkspace,
        enabled: input.enabled ?? before.enabled,
      };
      const checked = notifier === null || secrets === null ? null : checkedSecrets(notifier, secrets);
      await check(context, settings);
      if (!(await channels.update(changeOf(principal), id, settings, checked, context.signal))) {
        throw notFound('notification channel', id, 'id');
      }
      return find(context, id);
    },

    async remove(context, id) {
      const principal = requireScope(context.principal, 'ADMIN');
      if (!(await channels.remove(changeOf(principal), id, context.signal))) {
        throw notFound('notification channel', id, 'id');
      }
      return id;
    },

    async test(context, id) {
      const { name } = await find(context, id);
      const notification = testNotification(ids.next(), clock.now(), name);
      const failure = await options.sender.send(id, notification, context.signal);
      return { notificationId: notification.id, failure };
    },
  };
}

const testNotification = (id: string, at: number, channel: string): Notification => ({
  ...{ id, at, accountId: null, orderId: null },
  // So severe that no notifier's own minimum leaves it out.
  severity: 'CRITICAL',
  code: 'TEST',
  title: `Test of the notification channel ${channel}`,
  message: 'Somebody asked for this test. Alerts will look like this. Nothing is to be done.',
  details: { channel },
});
