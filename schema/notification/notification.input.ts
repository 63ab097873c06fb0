import type { NotificationSeverity } from '@omniquant/plugin-sdk';
import { Field, ID, InputType } from 'type-graphql';

import { RiskAlertSeverityEnum } from '../risk/risk-alert.type.ts';
import { JSONObject } from '../scalars/json-object.ts';

@InputType({
  description:
    '`notifier` is the id of a notifier extension, e.g. webhook, email, slack or pagerduty; `config` and `secrets` are checked against its schemas.',
})
export class CreateNotificationChannelInput {
  @Field(() => String) name!: string;
  @Field(() => String) notifier!: string;
  @Field(() => JSONObject, { nullable: true }) config?: Readonly<Record<string, unknown>> | null;
  @Field(() => JSONObject, { nullable: true, description: 'Credentials by name. They are never shown.' })
  secrets?: Readonly<Record<string, unknown>> | null;
  @Field(() => RiskAlertSeverityEnum, { defaultValue: 'INFO' }) minimumSeverity!: NotificationSeverity;
  @Field(() => [String], { nullable: true, description: 'Codes of alerts, e.g. DAILY_LOSS; without it all.' })
  codes?: readonly string[] | null;
  @Field(() => [ID], { nullable: true, description: 'Without it all accounts.' })
  accountIds?: readonly string[] | null;
  @Field(() => Boolean, {
    defaultValue: false,
    description:
      'For the workspace that runs the gateway: also alerts of all other workspaces and of the gateway itself.',
  })
  everyWorkspace!: boolean;
}

@InputType({ description: 'What is left out stays as it is; `codes` and `accountIds` null mean all.' })
export class UpdateNotificationChannelInput {
  @Field(() => String, { nullable: true }) name?: string | null;
  @Field(() => JSONObject, { nullable: true }) config?: Readonly<Record<string, unknown>> | null;
  @Field(() => JSONObject, { nullable: true, description: 'All of them anew.' })
  secrets?: Readonly<Record<string, unknown>> | null;
  @Field(() => RiskAlertSeverityEnum, { nullable: true }) minimumSeverity?: NotificationSeverity | null;
  @Field(() => [String], { nullable: true }) codes?: readonly string[] | null;
  @Field(() => [ID], { nullable: true }) accountIds?: readonly string[] | null;
  @Field(() => Boolean, { nullable: true }) everyWorkspace?: boolean | null;
  @Field(() => Boolean, {
    nullable: true,
    description: 'Alerts that come while it is off are not kept for it; what waits goes on waiting.',
  })
  enabled?: boolean | null;
}
