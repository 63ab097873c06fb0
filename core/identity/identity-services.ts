import type { ApiKeyRecord, UserRecord, WorkspaceRecord } from '../ports/identity.ts';
import type { ApiScope, Role } from './access.ts';
import type { Principal } from './principal.ts';

/** Times are epoch ms throughout. */
export interface OpenedSession {
  readonly accessToken: string;
  readonly refreshToken: string;
  /** Of the access token. */
  readonly expiresAt: number;
  readonly user: UserRecord;
  readonly workspace: WorkspaceRecord;
}

export interface SignUpInput {
  readonly email: string;
  readonly password: string;
  readonly displayName: string;
}

export interface SignInInput {
  readonly email: string;
  readonly password: string;
}

export type SignUpResult =
  | { readonly kind: 'session'; readonly session: OpenedSession }
  | { readonly kind: 'verificationRequired'; readonly email: string };

export interface CreateApiKeyInput {
  readonly name: string;
  readonly scopes: readonly ApiScope[];
  readonly expiresAt: number | null;
}

export interface CreatedApiKey {
  readonly apiKey: ApiKeyRecord;
  /** Shown this once. */
  readonly secret: string;
}

export interface Viewer {
  /** Null for an API key. */
  readonly user: UserRecord | null;
  readonly workspace: WorkspaceRecord;
  readonly role: Role;
  readonly scopes: readonly ApiScope[];
}

/** With each call: where it comes from, and when to give up. */
export interface CallOrigin {
  readonly remoteAddress: string;
  readonly signal: AbortSignal;
}

/** What the outside may ask of core/identity. All reject with IdentityError. */
export interface IdentityServices {
  signUp(input: SignUpInput, origin: CallOrigin): Promise<SignUpResult>;
  /** Ends the wait of an address that must be verified; BAD_USER_INPUT when the token is not good. */
  verifyEmail(token: string, origin: CallOrigin): Promise<void>;
  signIn(input: SignInInput, origin: CallOrigin): Promise<OpenedSession>;
  refreshSession(refreshToken: string, origin: CallOrigin): Promise<OpenedSession>;
  /** Ends the principal's session with all its tokens; false for an API key, which has none. */
  signOut(principal: Principal, origin: CallOrigin): Promise<boolean>;
  viewer(principal: Principal, origin: CallOrigin): Promise<Viewer>;
  createApiKey(principal: Principal, input: CreateApiKeyInput, origin: CallOrigin): Promise<CreatedApiKey>;
  revokeApiKey(principal: Principal, id: string, origin: CallOrigin): Promise<ApiKeyRecord>;
  /** Keys of a user whom the caller has just authenticated, in that user's workspace; newest first. */
  apiKeysOf(userId: string, workspaceId: string, origin: CallOrigin): Promise<readonly ApiKeyRecord[]>;
}
