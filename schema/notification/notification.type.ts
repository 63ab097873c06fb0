import type { NotificationSeverity } from '@omniquant/plugin-sdk';
import { createUnionType, Field, ID, Int } from 'type-graphql';

import type { UndeliveredRow } from '../../core/ports/notification-channels.ts';
import type { SendFailure } from '../../core/ports/notifiers.ts';
import { enumType } from '../enum.ts';
import { PlainType } from '../object-type.ts';
import { RiskAlertSeverityEnum } from '../risk/risk-alert.type.ts';
import { DateTime } from '../scalars/date-time.ts';
import { JSONObject } from '../scalars/json-object.ts';

export type ChannelState = 'ENABLED' | 'DISABLED';

const ChannelStateEnum = enumType<ChannelState>('NotificationChannelState', ['ENABLED', 'DISABLED']);

const FailureCodeEnum = enumType<SendFailure['code']>(
  'NotificationFailureCode',
  ['REJECTED', 'RATE_LIMITED', 'UNREACHABLE', 'NOT_LOADED'],
  undefined,
  {
    REJECTED: 'Refused, or for wrong settings: it is not sent again.',
    RATE_LIMITED: 'It is sent again when the receiver allows it.',
    UNREACHABLE: 'It is sent again, less and less often.',
    NOT_LOADED: 'No plugin in use has the notifier: it waits for one.',
  },
);

const UndeliveredStateEnum = enumType<UndeliveredRow['state']>('UndeliveredState', ['REJECTED', 'GIVEN_UP']);

@PlainType()
export class NotificationFailure {
  @Field(() => DateTime) at!: number;
  @Field(() => String) message!: string;
}

@PlainType({ description: 'A message that the receiver rejected, or that was given up for its age.' })
export class UndeliveredNotification {
  @Field(() => ID, { description: 'As the receiver was told it.' }) id!: string;
  @Field(() => UndeliveredStateEnum) state!: UndeliveredRow['state'];
  @Field(() => String) code!: string;
  @Field(() => RiskAlertSeverityEnum) severity!: NotificationSeverity;
  @Field(() => String) title!: string;
  @Field(() => Int, { description: 'Alerts that it stands for.' }) alerts!: number;
  @Field(() => DateTime) at!: number;
  @Field(() => String) failure!: string;
}

@PlainType({ description: 'Where alerts are sent to. Counts of alerts; one message may stand for several.' })
export class NotificationChannel {
  @Field(() => ID) id!: string;
  @Field(() => String) name!: string;
  @Field(() => String, { description: 'Id of the notifier extension.' }) notifier!: string;
  @Field(() => JSONObject) config!: Readonly<Record<string, unknown>>;
  @Field(() => [String], { description: 'Names of the credentials that are set.' })
  secretsSet!: readonly string[];
  @Field(() => RiskAlertSeverityEnum) minimumSeverity!: NotificationSeverity;
  @Field(() => [String], { nullable: true, description: 'Null: all.' }) codes!: readonly string[] | null;
  @Field(() => [ID], { nullable: true, description: 'Null: all.' }) accountIds!: readonly string[] | null;
  @Field(() => Boolean) everyWorkspace!: boolean;
  @Field(() => ChannelStateEnum) state!: ChannelState;
  @Field(() => DateTime) createdAt!: number;
  @Field(() => DateTime, { nullable: true }) lastDeliveredAt!: number | null;
  @Field(() => NotificationFailure, { nullable: true, description: 'Also one that was made good since.' })
  lastFailure!: NotificationFailure | null;
  @Field(() => Int, { description: 'Messages that wait.' }) waiting!: number;
  @Field(() => Int) delivered!: number;
  @Field(() => Int, { description: 'Rejected or given up.' }) undelivered!: number;
}

@PlainType()
export class NotificationDelivered {
  @Field(() => ID) notificationId!: string;
}

@PlainType({ description: 'The test was not taken; it is not sent again.' })
export class NotificationNotDelivered {
  @Field(() => ID) notificationId!: string;
  @Field(() => FailureCodeEnum) code!: SendFailure['code'];
  @Field(() => String) message!: string;
}

export const TestNotificationResult = createUnionType({
  name: 'TestNotificationResult',
  types: () => [NotificationDelivered, NotificationNotDelivered] as const,
  resolveType: (value) => ('code' in value ? NotificationNotDelivered : NotificationDelivered),
});
