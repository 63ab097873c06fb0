import { Field } from 'type-graphql';

import { enumType } from '../enum.ts';
import { PlainType } from '../object-type.ts';

export type HealthStatus = 'OK' | 'DEGRADED' | 'DOWN';

export const HealthStatusEnum = enumType<HealthStatus>('HealthStatus', ['OK', 'DEGRADED', 'DOWN']);

@PlainType()
export class ComponentHealth {
  @Field(() => String) name!: string;
  @Field(() => HealthStatusEnum) status!: HealthStatus;
  @Field(() => String, { nullable: true }) message!: string | null;
}

@PlainType({ description: '`components` is null to an unauthenticated caller.' })
export class Health {
  @Field(() => HealthStatusEnum) status!: HealthStatus;
  @Field(() => String) version!: string;
  @Field(() => [ComponentHealth], { nullable: true }) components!: readonly ComponentHealth[] | null;
}
