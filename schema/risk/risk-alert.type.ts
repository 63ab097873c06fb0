import { Field, ID } from 'type-graphql';

import type { AlertSeverity } from '../../core/engine/account-event.ts';
import { enumType } from '../enum.ts';
import { PlainType } from '../object-type.ts';
import { PageInfo } from '../pagination/page-info.type.ts';
import { DateTime } from '../scalars/date-time.ts';

export const RiskAlertSeverityEnum = enumType<AlertSeverity>('RiskAlertSeverity', [
  'INFO',
  'WARNING',
  'CRITICAL',
]);

@PlainType()
export class RiskAlert {
  @Field(() => ID) id!: string;
  @Field(() => String) cursor!: string;
  @Field(() => DateTime) at!: number;
  @Field(() => RiskAlertSeverityEnum) severity!: AlertSeverity;
  @Field(() => String) code!: string;
  @Field(() => String) message!: string;
  @Field(() => ID) accountId!: string;
}

@PlainType()
export class RiskAlertConnection {
  @Field(() => [RiskAlert]) nodes!: RiskAlert[];
  @Field(() => PageInfo) pageInfo!: PageInfo;
}
