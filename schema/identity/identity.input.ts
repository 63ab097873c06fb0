import { Field, InputType } from 'type-graphql';

import type { ApiScope } from '../../core/identity/access.ts';
import { DateTime } from '../scalars/date-time.ts';
import { ApiScopeEnum } from './access.enum.ts';

@InputType()
export class SignUpInput {
  @Field(() => String)
  email!: string;

  @Field(() => String, { description: '12 to 128 characters.' })
  password!: string;

  @Field(() => String)
  displayName!: string;
}

@InputType()
export class SignInInput {
  @Field(() => String)
  email!: string;

  @Field(() => String)
  password!: string;

  @Field(() => String, { nullable: true })
  totp?: string | null;
}

@InputType()
export class CreateApiKeyInput {
  @Field(() => String)
  name!: string;

  @Field(() => [ApiScopeEnum])
  scopes!: ApiScope[];

  @Field(() => DateTime, { nullable: true })
  expiresAt?: number | null;
}
