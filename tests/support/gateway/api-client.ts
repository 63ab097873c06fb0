import { type Client, type ClientOptions, createClient } from 'graphql-ws';
import WebSocket from 'ws';

import { PATIENCE_MS } from './until.ts';

export type Variables = Readonly<Record<string, unknown>>;

export interface ApiErrorBody {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: Readonly<Record<string, unknown>> & { readonly code?: string };
}

export interface ApiAnswer<T> {
  readonly data?: T | null;
  readonly errors?: readonly ApiErrorBody[];
}

/** The gateway answered with errors. */
export class ApiRefusal extends Error {
  readonly errors: readonly ApiErrorBody[];

  constructor(errors: readonly ApiErrorBody[]) {
    super(errors.map(({ message, extensions }) => `${String(extensions.code)}: ${message}`).join('; '));
    this.name = 'ApiRefusal';
    this.errors = errors;
  }

  get code(): string | undefined {
    return this.errors[0]?.extensions.code;
  }
}

/** The public API as an outside client reaches it, signed in or not. */
export interface ApiClient {
  /** What it sends with every request. */
  readonly headers: Readonly<Record<string, string>>;
  /** The whole answer, whatever it says. Rejects when there is none. */
  answer<T = unknown>(query: string, variables?: Variables): Promise<ApiAnswer<T>>;
  /** The data. Throws ApiRefusal. */
  ask<T>(query: string, variables?: Variables): Promise<T>;
  /** A graphql-ws client with a socket of its own; the caller disposes of it. */
  socket(options?: Partial<ClientOptions>): Client;
}

export interface ApiTarget {
  /** http://host:port; asked for each time, for a gateway that restarts elsewhere. */
  readonly address: () => string;
  readonly headers?: Readonly<Record<string, string>>;
}

export function createApiClient({ address, headers = {} }: ApiTarget): ApiClient {
  const answer = async <T>(query: string, variables: Variables = {}): Promise<ApiAnswer<T>> => {
    const response = await fetch(`${address()}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query, variables }),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    return (await response.json()) as ApiAnswer<T>;
  };
  return {
    headers,
    answer,
    async ask<T>(query: string, variables?: Variables) {
      const { data, errors } = await answer<T>(query, variables);
      if (errors !== undefined) throw new ApiRefusal(errors);
      if (data === undefined || data === null) throw new Error('the answer holds neither data nor errors');
      return data;
    },
    socket: (options) =>
      createClient({
        url: `${address().replace(/^http/, 'ws')}/graphql`,
        webSocketImpl: WebSocket,
        connectionParams: { ...headers },
        retryAttempts: 0,
        ...options,
      }),
  };
}

const SIGN_IN = `mutation($input: SignInInput!) { signIn(input: $input) { ... on Session { accessToken } } }`;

const SIGN_UP = `mutation($input: SignUpInput!) {
  signUp(input: $input) { ... on Session { accessToken workspace { id } } } }`;

export async function signIn(
  address: () => string,
  { email, password }: { readonly email: string; readonly password: string },
): Promise<ApiClient> {
  const { signIn: session } = await createApiClient({ address }).ask<{ signIn: { accessToken: string } }>(
    SIGN_IN,
    { input: { email, password } },
  );
  return createApiClient({ address, headers: bearer(session.accessToken) });
}

/** A new user with a workspace of its own. */
export async function signUp(address: () => string, email: string): Promise<ApiClient> {
  const input = { email, password: `${email} long and unlikely 9137`, displayName: email };
  const { signUp: session } = await createApiClient({ address }).ask<{ signUp: { accessToken: string } }>(
    SIGN_UP,
    { input },
  );
  return createApiClient({ address, headers: bearer(session.accessToken) });
}

const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });

/** What the API says about the first error of an operation that has to fail. */
export async function refusalOf(
  client: ApiClient,
  query: string,
  variables?: Variables,
): Promise<ApiErrorBody['extensions'] & { readonly message: string }> {
  const { data, errors } = await client.answer(query, variables);
  const first = errors?.[0];
  if (first === undefined) throw new Error(`it was not refused: ${JSON.stringify(data)}`);
  return { message: first.message, ...first.extensions };
}
