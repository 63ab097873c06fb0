import { Arg, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';

import type { RequestContext } from '../context.ts';
import { ApiKey, CreatedApiKey } from './api-key.type.ts';
import { CreateApiKeyInput, SignInInput, SignUpInput } from './identity.input.ts';
import { Session, SignInResult, SignUpResult, toSession, toSignUpResult } from './session.type.ts';
import { toUser, User } from './user.type.ts';
import { Viewer } from './viewer.type.ts';

@Resolver()
export class IdentityResolver {
  @Query(() => Viewer)
  async viewer(@Ctx() context: RequestContext): Promise<Viewer> {
    const viewer = await context.services.identity.viewer(context.requirePrincipal(), context);
    return { ...viewer, user: viewer.user && toUser(viewer.user, viewer.workspace.id) };
  }

  @Mutation(() => SignUpResult, {
    description:
      'Where e-mail must be verified the answer is the same for a known address, so that none can be probed.',
  })
  async signUp(@Arg('input', () => SignUpInput) input: SignUpInput, @Ctx() context: RequestContext) {
    return toSignUpResult(await context.services.identity.signUp(input, context));
  }

  @Mutation(() => Boolean, { description: 'With the token of the verification mail.' })
  async verifyEmail(
    @Arg('token', () => String) token: string,
    @Ctx() context: RequestContext,
  ): Promise<boolean> {
    await context.services.identity.verifyEmail(token, context);
    return true;
  }

  @Mutation(() => SignInResult, {
    description: 'Wrong email and wrong password are indistinguishable: extensions.code INVALID_CREDENTIALS.',
  })
  async signIn(@Arg('input', () => SignInInput) input: SignInInput, @Ctx() context: RequestContext) {
    return toSession(await context.services.identity.signIn(input, context));
  }

  @Mutation(() => Session, {
    description: 'Rotates the refresh token; reuse of a rotated one revokes the whole family.',
  })
  async refreshSession(
    @Arg('refreshToken', () => String) refreshToken: string,
    @Ctx() context: RequestContext,
  ): Promise<Session> {
    return toSession(await context.services.identity.refreshSession(refreshToken, context));
  }

  @Mutation(() => Boolean, {
    description: 'Ends the session and all its tokens; false for an API key, which has none.',
  })
  signOut(@Ctx() context: RequestContext): Promise<boolean> {
    return context.services.identity.signOut(context.requirePrincipal(), context);
  }

  @Mutation(() => CreatedApiKey)
  createApiKey(
    @Arg('input', () => CreateApiKeyInput) input: CreateApiKeyInput,
    @Ctx() context: RequestContext,
  ): Promise<CreatedApiKey> {
    const wanted = { name: input.name, scopes: input.scopes, expiresAt: input.expiresAt ?? null };
    return context.services.identity.createApiKey(context.requirePrincipal(), wanted, context);
  }

  @Mutation(() => ApiKey)
  revokeApiKey(@Arg('id', () => ID) id: string, @Ctx() context: RequestContext): Promise<ApiKey> {
    return context.services.identity.revokeApiKey(context.requirePrincipal(), id, context);
  }
}

@Resolver(() => User)
export class UserResolver {
  @FieldResolver(() => [ApiKey])
  async apiKeys(@Root() user: User, @Ctx() context: RequestContext): Promise<ApiKey[]> {
    return [...(await context.services.identity.apiKeysOf(user.id, user.workspaceId, context))];
  }
}
