import { Field, ID, ObjectType } from 'type-graphql';

import type { ApiScope } from '../../core/identity/access.ts';
import { DateTime } from '../scalars/date-time.ts';
import { ApiScopeEnum } from './access.enum.ts';

@ObjectType()
export class ApiKey {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  name!: string;

  @Field(() => String, { description: 'How the key begins: enough to recognise it by.' })
  prefix!: string;

  @Field(() => [ApiScopeEnum])
  scopes!: readonly ApiScope[];

  @Field(() => DateTime)
  createdAt!: number;

  @Field(() => DateTime, { nullable: true })
  expiresAt!: number | null;

  @Field(() => DateTime, { nullable: true, description: 'To the minute.' })
  lastUsedAt!: number | null;

  @Field(() => DateTime, { nullable: true })
  revokedAt!: number | null;
}

@ObjectType({ description: '`secret` is shown this once. Sent as the header `x-api-key`.' })
export class CreatedApiKey {
  @Field(() => ApiKey)
  apiKey!: ApiKey;

  @Field(() => String)
  secret!: string;
}
