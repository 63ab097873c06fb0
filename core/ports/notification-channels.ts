import type { NotificationSeverity } from '@omniquant/plugin-sdk';

import type { JsonObject } from './broker-settings.ts';

/** What an ADMIN sets of a channel, credentials apart. */
export interface ChannelSettings {
  readonly name: string;
  /** Null for all. */
  readonly accountIds: readonly string[] | null;
  /** Null for all. */
  readonly codes: readonly string[] | null;
  readonly config: JsonObject;
  readonly enabled: boolean;
  /** Also alerts of other workspaces and of the gateway itself. */
  readonly everyWorkspace: boolean;
  readonly minimumSeverity: NotificationSeverity;
  /** Id of the notifier extension. */
  readonly notifier: string;
}

export interface ChannelRow extends ChannelSettings {
  readonly id: string;
  readonly workspaceId: string;
  /** Which credentials are set. */
  readonly secretNames: readonly string[];
  /** Wall time, epoch ms, as all times here. */
  readonly createdAt: number;
  readonly lastDeliveredAt: number | null;
  readonly lastFailure: { readonly at: number; readonly message: string } | null;
  /** Messages. */
  readonly waiting: number;
  /** Alerts, each counted also where several were sent as one message. */
  readonly delivered: number;
  /** Alerts that were rejected or given up. */
  readonly undelivered: number;
}

/** A message that was rejected or given up. */
export interface UndeliveredRow {
  readonly id: string;
  readonly state: 'REJECTED' | 'GIVEN_UP';
  readonly code: string;
  readonly severity: NotificationSeverity;
  readonly title: string;
  readonly alerts: number;
  readonly at: number;
  readonly failure: string;
}

export type Secrets = Readonly<Record<string, string>>;

/** Who changes a channel, for the audit log. */
export interface ChannelChange {
  readonly workspaceId: string;
  readonly actor: string;
  /** Wall time, epoch ms. */
  readonly at: number;
}

/** The channels of workspaces. Whatever belongs to another workspace is not there. */
export interface NotificationChannels {
  /** In the order in which they were made. */
  list(workspaceId: string, signal: AbortSignal): Promise<readonly ChannelRow[]>;
  find(workspaceId: string, id: string, signal: AbortSignal): Promise<ChannelRow | null>;
  /** The newest first. */
  undelivered(
    workspaceId: string,
    id: string,
    first: number,
    signal: AbortSignal,
  ): Promise<readonly UndeliveredRow[]>;
  /** False when the workspace has `most` of them. Durable and audited when it resolves, as the others. */
  create(
    change: ChannelChange,
    id: string,
    settings: ChannelSettings,
    secrets: Secrets,
    most: number,
    signal: AbortSignal,
  ): Promise<boolean>;
  /** Credentials stay where `secrets` is null. False when it is not there any more. */
  update(
    change: ChannelChange,
    id: string,
    settings: ChannelSettings,
    secrets: Secrets | null,
    signal: AbortSignal,
  ): Promise<boolean>;
  /** With all that waits for it. False when it is not there. */
  remove(change: ChannelChange, id: string, signal: AbortSignal): Promise<boolean>;
}
