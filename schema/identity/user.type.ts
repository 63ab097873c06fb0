import { Field, ID, ObjectType } from 'type-graphql';

import type { UserRecord } from '../../core/ports/identity.ts';
import { DateTime } from '../scalars/date-time.ts';

/** `apiKeys` is a field of the resolver. */
@ObjectType()
export class User {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  email!: string;

  @Field(() => String)
  displayName!: string;

  @Field(() => DateTime)
  createdAt!: number;

  /** In whose light the user is seen: the keys shown are those made there. */
  workspaceId!: string;
}

/** Without the hash of the password, which has no business near an answer. */
export function toUser(user: UserRecord, workspaceId: string): User {
  return {
    id: user.id,
    email: user.email,
    displayName: user.displayName,
    createdAt: user.createdAt,
    workspaceId,
  };
}
