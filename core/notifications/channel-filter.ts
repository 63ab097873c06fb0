import { isAtLeast, type Notification, type NotificationSeverity } from '@omniquant/plugin-sdk';

/** What a channel is told of. */
export interface ChannelFilter {
  readonly workspaceId: string;
  readonly minimumSeverity: NotificationSeverity;
  /** Null for all. */
  readonly codes: readonly string[] | null;
  /** Null for all; otherwise what concerns no account is left out. */
  readonly accountIds: readonly string[] | null;
  /** Also what other workspaces and the gateway itself have to say. */
  readonly everyWorkspace: boolean;
  /** What was before is not for it. Wall time, epoch ms. */
  readonly createdAt: number;
}

/** `workspaceId` is whose notification it is; null for one of the gateway itself. */
export function isForChannel(
  channel: ChannelFilter,
  workspaceId: string | null,
  notification: Notification,
): boolean {
  const { accountId, at, code, severity } = notification;
  return (
    (channel.everyWorkspace || channel.workspaceId === workspaceId) &&
    at >= channel.createdAt &&
    isAtLeast(severity, channel.minimumSeverity) &&
    (channel.codes?.includes(code) ?? true) &&
    (channel.accountIds === null || (accountId !== null && channel.accountIds.includes(accountId)))
  );
}
