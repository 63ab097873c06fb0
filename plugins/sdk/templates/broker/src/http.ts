/** Acme's answer, whatever it is. */
export interface Answer {
  readonly status: number;
  /** Undefined where it is no JSON. */
  readonly body: unknown;
  /** Seconds, from the header; null without it. */
  readonly retryAfter: number | null;
}

/** There was no answer. `isSent` is false only where no byte can have left. */
export class NoAnswerError extends Error {
  readonly isSent: boolean;

  constructor(message: string, isSent: boolean, options?: ErrorOptions) {
    super(message, options);
    this.name = 'NoAnswerError';
    this.isSent = isSent;
  }
}

/** Failures before there was a connection. */
const NOT_CONNECTED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']);

const causeOf = (error: unknown): { readonly code?: unknown; readonly message?: unknown } =>
  ((error as { readonly cause?: unknown } | null)?.cause as { readonly code?: unknown } | undefined) ?? {};

export type Http = (method: string, path: string, signal: AbortSignal, body?: unknown) => Promise<Answer>;

/** Requests to Acme, each sent once. Throws NoAnswerError. */
export const createHttp =
  (url: string, token: string, fetch: typeof globalThis.fetch): Http =>
  async (method, path, signal, body) => {
    if (signal.aborted) throw new NoAnswerError('the deadline passed before it was sent', false);
    try {
      const response = await fetch(`${url}${path}`, {
        method,
        signal,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      const retryAfter = response.headers.get('retry-after');
      return {
        status: response.status,
        body: parse(text),
        retryAfter: retryAfter === null ? null : Number(retryAfter),
      };
    } catch (cause) {
      const { code, message } = causeOf(cause);
      const why =
        typeof message === 'string' ? message : cause instanceof Error ? cause.message : 'no answer';
      throw new NoAnswerError(why, !NOT_CONNECTED.has(String(code)), { cause });
    }
  };

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
