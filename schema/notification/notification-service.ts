import type { ChannelRow, UndeliveredRow } from '../../core/ports/notification-channels.ts';
import type { SendFailure } from '../../core/ports/notifiers.ts';
import type { RequestContext } from '../context.ts';
import type { CreateNotificationChannelInput, UpdateNotificationChannelInput } from './notification.input.ts';

export type CreateChannelRequest = Readonly<
  Pick<CreateNotificationChannelInput, keyof CreateNotificationChannelInput>
>;
export type UpdateChannelRequest = Readonly<
  Pick<UpdateNotificationChannelInput, keyof UpdateNotificationChannelInput>
>;

/** What came of a test: `failure` is null when the receiver has taken it. */
export interface ChannelTest {
  readonly notificationId: string;
  readonly failure: SendFailure | null;
}

/**
 * Where a workspace's alerts are sent. For its ADMINs; a channel of another workspace is NOT_FOUND, as one that
 * does not exist. What is wrong with an input is BAD_USER_INPUT, naming the field.
 */
export interface NotificationService {
  channels(context: RequestContext): Promise<readonly ChannelRow[]>;
  /** What a channel's receiver rejected or did not take in time, the newest first. */
  undelivered(context: RequestContext, channelId: string, first: number): Promise<readonly UndeliveredRow[]>;
  create(context: RequestContext, input: CreateChannelRequest): Promise<ChannelRow>;
  update(context: RequestContext, id: string, input: UpdateChannelRequest): Promise<ChannelRow>;
  remove(context: RequestContext, id: string): Promise<string>;
  /** Sends one now, whether the channel is enabled or not. */
  test(context: RequestContext, id: string): Promise<ChannelTest>;
}
