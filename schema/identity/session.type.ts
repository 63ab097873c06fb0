import { createUnionType, Field, ObjectType } from 'type-graphql';

import type { OpenedSession, SignUpResult as SignUpOutcome } from '../../core/identity/identity-services.ts';
import { DateTime } from '../scalars/date-time.ts';
import { toUser, User } from './user.type.ts';
import { Workspace } from './workspace.type.ts';

@ObjectType()
export class Session {
  @Field(() => String, { description: 'Sent as `Authorization: Bearer ...`.' })
  accessToken!: string;

  @Field(() => String, { description: 'For one `refreshSession`.' })
  refreshToken!: string;

  @Field(() => DateTime, { description: 'End of the access token.' })
  expiresAt!: number;

  @Field(() => User)
  user!: User;

  @Field(() => Workspace)
  workspace!: Workspace;
}

@ObjectType()
export class VerificationRequired {
  @Field(() => String)
  email!: string;
}

@ObjectType()
export class TotpRequired {
  @Field(() => [String])
  methods!: string[];
}

export const SignUpResult = createUnionType({
  name: 'SignUpResult',
  types: () => [Session, VerificationRequired] as const,
  resolveType: (value) => ('accessToken' in value ? Session : VerificationRequired),
});

export const SignInResult = createUnionType({
  name: 'SignInResult',
  types: () => [Session, TotpRequired] as const,
  resolveType: (value) => ('accessToken' in value ? Session : TotpRequired),
});

export function toSession(session: OpenedSession): Session {
  return { ...session, user: toUser(session.user, session.workspace.id) };
}

export function toSignUpResult(outcome: SignUpOutcome): Session | VerificationRequired {
  return outcome.kind === 'session' ? toSession(outcome.session) : { email: outcome.email };
}
