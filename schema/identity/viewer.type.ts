import { Field, ObjectType } from 'type-graphql';

import type { ApiScope, Role } from '../../core/identity/access.ts';
import { ApiScopeEnum, RoleEnum } from './access.enum.ts';
import { User } from './user.type.ts';
import { Workspace } from './workspace.type.ts';

@ObjectType()
export class Viewer {
  @Field(() => User, { nullable: true, description: 'Null for an API key.' })
  user!: User | null;

  @Field(() => Workspace)
  workspace!: Workspace;

  @Field(() => RoleEnum)
  role!: Role;

  @Field(() => [ApiScopeEnum])
  scopes!: readonly ApiScope[];
}
