import type { ErrorResponse } from '../protocol.ts';

/** Longest wait for an answer where the caller allows a longer one, ms. */
const LONGEST_WAIT_MS = 30_000;

/** A request that brought no usable answer. */
export class VenueRequestError extends Error {
  /** `UNREACHABLE`: no connection was made, so nothing was sent. */
  readonly code: string;
  /** HTTP status of the answer, if there was one. */
  readonly status: number | undefined;

  constructor(code: string, message: string, status: number | undefined, options?: ErrorOptions) {
    super(message, options);
    this.name = 'VenueRequestError';
    this.code = code;
    this.status = status;
  }
}

/** Failures of a connection attempt, before any byte of the request. */
const NOT_CONNECTED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** JSON requests to the venue. */
export class VenueHttp {
  private readonly baseUrl: string;
  private readonly headers: Record<string, string>;
  private readonly fetch: typeof globalThis.fetch;

  constructor(baseUrl: string, token: string | undefined, fetch: typeof globalThis.fetch) {
    this.baseUrl = baseUrl.replace(/\/+$/, '');
    this.fetch = fetch;
    this.headers = {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    };
  }

  get<R>(path: string, signal: AbortSignal): Promise<R> {
    return this.request<R>('GET', path, undefined, signal);
  }

  /** Sends once and never again. */
  send<R>(method: 'POST' | 'PUT', path: string, body: unknown, signal: AbortSignal): Promise<R> {
    return this.request<R>(method, path, JSON.stringify(body), signal);
  }

  private async request<R>(
    method: string,
    path: string,
    body: string | undefined,
    signal: AbortSignal,
  ): Promise<R> {
    const { status, text } = await this.exchange(method, path, body, signal);
    const answer = parse(text);
    if (answer === undefined) throw new VenueRequestError('UNREADABLE', 'the answer is no JSON', status);
    if (status < 300) return answer.value as R;
    const error = answer.value as Partial<ErrorResponse> | null;
    throw new VenueRequestError(error?.code ?? 'OTHER', error?.message ?? `answer ${status}`, status);
  }

  private async exchange(
    method: string,
    path: string,
    body: string | undefined,
    signal: AbortSignal,
  ): Promise<{ status: number; text: string }> {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(LONGEST_WAIT_MS)]);
    try {
      const { headers } = this;
      const response = await this.fetch(`${this.baseUrl}${path}`, {
        method,
        headers,
        signal: limit,
        ...(body === undefined ? {} : { body }),
      });
      return { status: response.status, text: await response.text() };
    } catch (cause) {
      if (limit.aborted) throw new VenueRequestError('TIMEOUT', 'no answer in time', undefined, { cause });
      const code = isNotConnected(cause) ? 'UNREACHABLE' : 'CONNECTION_LOST';
      throw new VenueRequestError(code, reasonOf(cause), undefined, { cause });
    }
  }
}

const parse = (text: string): { value: unknown } | undefined => {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
};

/** By shape, not by class: a fetch that is handed in may come with errors of another realm. */
interface ErrorLike {
  readonly message?: unknown;
  readonly code?: unknown;
  readonly cause?: unknown;
  readonly errors?: unknown;
}

const asError = (thrown: unknown): ErrorLike => (typeof thrown === 'object' && thrown !== null ? thrown : {});

const reasonOf = (thrown: unknown): string => {
  const texts = [asError(thrown).message, asError(asError(thrown).cause).message];
  return texts.filter((text) => typeof text === 'string' && text !== '').join(': ') || String(thrown);
};

/** A host with several addresses fails with the errors of all: none may have got a connection. */
const isNotConnected = (thrown: unknown): boolean => {
  const { code, cause, errors } = asError(thrown);
  if (typeof code === 'string' && NOT_CONNECTED.has(code)) return true;
  if (Array.isArray(errors) && errors.length > 0) return errors.every(isNotConnected);
  return cause !== undefined && isNotConnected(cause);
};
