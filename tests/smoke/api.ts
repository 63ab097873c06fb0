import { type Client, createClient } from 'graphql-ws';
import WebSocket from 'ws';

interface Answer<T> {
  readonly data?: T | null;
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[];
}

/** The public API as an outside client reaches it. */
export interface Api {
  /** Rejects when the answer has errors. */
  request<T>(query: string, variables?: Readonly<Record<string, unknown>>): Promise<T>;
  subscribe<T>(query: string, variables?: Readonly<Record<string, unknown>>): AsyncIterableIterator<T>;
  close(): Promise<void>;
}

export function openApi(url: string, token: string | null): Api {
  const authorization: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
  const socket: Client = createClient({
    url: url.replace(/^http/, 'ws'),
    webSocketImpl: WebSocket,
    connectionParams: authorization,
    retryAttempts: 0,
  });
  return {
    async request<T>(query: string, variables: Readonly<Record<string, unknown>> = {}) {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...authorization },
        body: JSON.stringify({ query, variables }),
        signal: AbortSignal.timeout(30_000),
      });
      return dataOf((await response.json()) as Answer<T>, query);
    },
    async *subscribe<T>(query: string, variables: Readonly<Record<string, unknown>> = {}) {
      for await (const answer of socket.iterate<T>({ query, variables })) {
        yield dataOf(answer as Answer<T>, query);
      }
    },
    close: async () => {
      await socket.dispose();
    },
  };
}

function dataOf<T>({ data, errors }: Answer<T>, query: string): T {
  if (errors !== undefined || data === undefined || data === null) {
    const reasons = (errors ?? []).map(
      ({ message, extensions }) => `${extensions?.code ?? 'no code'}: ${message}`,
    );
    throw new Error(`${query.trim().slice(0, 60)}... was answered with ${reasons.join('; ') || 'nothing'}`);
  }
  return data;
}
