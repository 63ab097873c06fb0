import { Field } from 'type-graphql';

import { PlainType } from '../object-type.ts';
import { PageInfo } from '../pagination/page-info.type.ts';
import { DateTime } from '../scalars/date-time.ts';
import { JSONObject } from '../scalars/json-object.ts';

@PlainType({
  description: '`hash` covers the entry and the hash before it: a changed or missing entry breaks the chain.',
})
export class AuditEntry {
  @Field(() => String) sequence!: string;
  @Field(() => DateTime) at!: number;
  @Field(() => String) actor!: string;
  @Field(() => String) action!: string;
  @Field(() => String, { nullable: true }) target!: string | null;
  @Field(() => JSONObject, { nullable: true }) details!: Readonly<Record<string, unknown>> | null;
  @Field(() => String) hash!: string;
  @Field(() => String) previousHash!: string;
}

@PlainType()
export class AuditConnection {
  @Field(() => [AuditEntry]) nodes!: AuditEntry[];
  @Field(() => PageInfo) pageInfo!: PageInfo;
}
