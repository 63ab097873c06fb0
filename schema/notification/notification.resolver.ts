import { Arg, Ctx, ID, Int, Mutation, Query, Resolver } from 'type-graphql';

import type { ChannelRow } from '../../core/ports/notification-channels.ts';
import type { RequestContext } from '../context.ts';
import { CreateNotificationChannelInput, UpdateNotificationChannelInput } from './notification.input.ts';
import {
  NotificationChannel,
  type NotificationDelivered,
  type NotificationNotDelivered,
  TestNotificationResult,
  UndeliveredNotification,
} from './notification.type.ts';

const toChannel = ({ enabled, secretNames, workspaceId: _, ...row }: ChannelRow): NotificationChannel => ({
  ...row,
  secretsSet: secretNames,
  state: enabled ? 'ENABLED' : 'DISABLED',
});

@Resolver()
export class NotificationResolver {
  @Query(() => [NotificationChannel])
  async notificationChannels(@Ctx() context: RequestContext): Promise<NotificationChannel[]> {
    return (await context.services.notifications.channels(context)).map(toChannel);
  }

  @Query(() => [UndeliveredNotification], {
    description:
      'What the receiver of a channel rejected or did not take in time, the newest first; kept a week.',
  })
  async undeliveredNotifications(
    @Arg('channelId', () => ID) channelId: string,
    @Arg('first', () => Int, { defaultValue: 50, description: '1 to 500.' }) first: number,
    @Ctx() context: RequestContext,
  ): Promise<UndeliveredNotification[]> {
    return [...(await context.services.notifications.undelivered(context, channelId, first))];
  }

  @Mutation(() => NotificationChannel, { description: 'It is told of alerts from now on.' })
  async createNotificationChannel(
    @Arg('input', () => CreateNotificationChannelInput) input: CreateNotificationChannelInput,
    @Ctx() context: RequestContext,
  ): Promise<NotificationChannel> {
    return toChannel(await context.services.notifications.create(context, input));
  }

  @Mutation(() => NotificationChannel)
  async updateNotificationChannel(
    @Arg('id', () => ID) id: string,
    @Arg('input', () => UpdateNotificationChannelInput) input: UpdateNotificationChannelInput,
    @Ctx() context: RequestContext,
  ): Promise<NotificationChannel> {
    return toChannel(await context.services.notifications.update(context, id, input));
  }

  @Mutation(() => ID, { description: 'With all that waits for it. Answers its id.' })
  deleteNotificationChannel(
    @Arg('id', () => ID) id: string,
    @Ctx() context: RequestContext,
  ): Promise<string> {
    return context.services.notifications.remove(context, id);
  }

  @Mutation(() => TestNotificationResult, { description: 'Sends one now and says what came of it.' })
  async testNotificationChannel(
    @Arg('id', () => ID) id: string,
    @Ctx() context: RequestContext,
  ): Promise<NotificationDelivered | NotificationNotDelivered> {
    const { failure, notificationId } = await context.services.notifications.test(context, id);
    if (failure === null) return { notificationId };
    return { notificationId, code: failure.code, message: failure.message };
  }
}
