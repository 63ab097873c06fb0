import type { Context } from './context.ts';
import { NotifierError } from './notifier.ts';
import { createDeliveries } from './notifier-deliveries.ts';
import { excerpt, hiddenParts, withoutHidden } from './notifier-redaction.ts';

/**
 * Which receiver is posted to, with whose network, and what may be said of it.
 * @see {@link createNotifierEndpoint}
 */
export interface NotifierEndpointOptions {
  /** That of the notifier. */
  readonly ctx: Context<'network'>;
  /** As {@link parseEndpoint} makes it. */
  readonly url: URL;
  /** Deadline of a delivery, ms. */
  readonly timeoutMs: number;
  /** What errors must not show; the URL's path and query are hidden anyway. */
  readonly secrets?: readonly string[];
  /** Whether an answer of 200 to 299 is a yes, for receivers that say so in its body. */
  readonly isTaken?: (status: number, body: string) => boolean;
}

/**
 * One POST: all of its headers but those that fetch adds, and its body as text.
 * @see {@link createNotifierEndpoint}
 */
export interface NotifierRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * Where notifications are posted to.
 * @see {@link createNotifierEndpoint}
 */
export interface NotifierEndpoint {
  /**
   * Resolves when the receiver has taken it.
   * @throws {@link NotifierError} REJECTED, RATE_LIMITED or UNREACHABLE otherwise.
   */
  post(request: NotifierRequest, signal: AbortSignal): Promise<void>;
  /** Ends the requests under way and resolves when they have ended. */
  close(): Promise<void>;
}

const MAX_BODY = 65_536;
const MAX_RETRY_AFTER_MS = 86_400_000;
/** Answers below 500 that say "later" and not "no": request timeout, too early. */
const LATER = [408, 425];

/**
 * A receiver of HTTP POSTs. Answers become errors: 429 is RATE_LIMITED; 408, 425, 5xx and no answer are
 * UNREACHABLE; any other but 2xx is REJECTED. A redirect is not followed, so that no other host gets the
 * request.
 * @example
 * ```ts
 * function connect(address: string, ctx: Context<'network'>): Notifier {
 *   const endpoint = createNotifierEndpoint({ ctx, url: parseEndpoint('url', address), timeoutMs: 10_000 });
 *   return {
 *     notify: ({ title }, signal) =>
 *       endpoint.post({ headers: { 'content-type': 'text/plain' }, body: title }, signal),
 *     close: () => endpoint.close(),
 *   };
 * }
 * ```
 */
export function createNotifierEndpoint(options: NotifierEndpointOptions): NotifierEndpoint {
  const { ctx, url, timeoutMs, isTaken } = options;
  const deliveries = createDeliveries({ signal: ctx.signal, timeoutMs });
  const hidden = hiddenParts(url, options.secrets ?? []);

  async function reach(request: NotifierRequest, signal: AbortSignal): Promise<Response> {
    try {
      return await ctx.fetch(url, { method: 'POST', redirect: 'manual', signal, ...request });
    } catch (cause) {
      signal.throwIfAborted();
      throw new NotifierError('UNREACHABLE', 'the receiver could not be reached', {
        cause: withoutHidden(cause, hidden),
      });
    }
  }

  async function deliver(request: NotifierRequest, signal: AbortSignal): Promise<void> {
    const response = await reach(request, signal);
    const { status } = response;
    if (response.ok && isTaken === undefined) {
      // Nobody waits for the body: the status has said it.
      void response.body?.cancel().catch(() => {});
      return;
    }
    const body = await readBody(response, signal);
    if (response.ok && isTaken?.(status, body) === true) return;
    throw refusal(response, excerpt(body, hidden), ctx.now());
  }

  return {
    post: (request, signal) => deliveries.run((joined) => deliver(request, joined), signal),
    close: () => deliveries.close(),
  };
}

/**
 * The address of a receiver. Plain http is for addresses of this machine, unless `http` is 'anywhere'.
 * @param name Of the setting that it was written in, for the message.
 * @throws {@link NotifierError} REJECTED, for what is no address, has a user or password in it, or is plain http where
 * that is not taken. It gives `name` and not the address, which may be a credential.
 * @example
 * ```ts
 * parseEndpoint('webhookUrl', 'https://hooks.acme.example/T0/B0');
 * parseEndpoint('webhookUrl', 'http://hooks.acme.example/T0/B0'); // throws: it has to begin with https://
 * parseEndpoint('url', 'http://192.168.1.5:9000/', 'anywhere'); // in one's own network
 * ```
 */
export function parseEndpoint(name: string, text: string, http: 'local' | 'anywhere' = 'local'): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !['http:', 'https:'].includes(url.protocol)) {
    throw new NotifierError('REJECTED', `${name} is no URL that begins with https://`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new NotifierError('REJECTED', `${name} has a user or password in it, which fetch refuses`);
  }
  if (url.protocol === 'http:' && http === 'local' && !isThisMachine(url.hostname)) {
    throw new NotifierError('REJECTED', `${name} has to begin with https://, for others could read along`);
  }
  return url;
}

function isThisMachine(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127(\.\d+){3}$/.test(host);
}

function refusal({ status, headers }: Response, said: string, now: number): NotifierError {
  const retryAfterMs = parseRetryAfter(headers.get('retry-after'), now);
  const answer = `the receiver answered ${status}${said === '' ? '' : `: ${said}`}`;
  if (status === 429) return new NotifierError('RATE_LIMITED', answer, { retryAfterMs });
  if (status >= 500 || LATER.includes(status)) {
    return new NotifierError('UNREACHABLE', answer, { retryAfterMs });
  }
  // A redirect that was not followed has the status 0 where fetch hides it.
  if (status === 0 || (status >= 300 && status < 400)) {
    return new NotifierError(
      'REJECTED',
      `the receiver answered with a redirect (${status}); set the new address`,
    );
  }
  return new NotifierError('REJECTED', answer);
}

/** RFC 9110, 10.2.3: seconds or a date. At most a day, null for what is neither. */
function parseRetryAfter(value: string | null, now: number): number | null {
  if (value === null) return null;
  const ms = /^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - now;
  return Number.isNaN(ms) ? null : Math.min(Math.max(ms, 0), MAX_RETRY_AFTER_MS);
}

/** Enough of it to see what was meant. A body that breaks off is the part that came. */
async function readBody(response: Response, signal: AbortSignal): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  try {
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk as Uint8Array, { stream: true });
      if (text.length > MAX_BODY) break;
    }
  } catch {
    // An answer of 2xx whose body did not come is none that decides.
    if (response.ok) {
      signal.throwIfAborted();
      throw new NotifierError('UNREACHABLE', 'the connection broke within the answer');
    }
  }
  return text;
}
