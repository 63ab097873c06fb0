import { Agent, request } from 'node:http';

import type { Clock } from '../../core/ports/clock.ts';
import { type Forwarder, NotOwnerError } from '../../core/ports/forwarder.ts';
import type { PreviewReply } from '../../core/runtime/command-gate.ts';
import { type CommandMeta, type CommandReply, UnavailableError } from '../../core/runtime/command-reply.ts';
import {
  EXECUTE_PATH,
  type ForwardedError,
  fromForwardedError,
  PREVIEW_PATH,
  PROTOCOL_VERSION,
} from './forward-protocol.ts';

export interface HttpForwarder extends Forwarder {
  close(): void;
}

/** Takes commands to another gateway over HTTP with the installation's secret; connections are kept. */
export function createHttpForwarder(secret: string, clock: Clock): HttpForwarder {
  const agent = new Agent({ keepAlive: true, maxSockets: 256, scheduling: 'lifo' });

  const call = async <T>(url: URL, accountId: string, body: object, meta: CommandMeta): Promise<T> => {
    const remaining = meta.deadline - clock.now();
    if (remaining <= 0) {
      throw new UnavailableError('NOT_PLACED', 'the command was too late to be forwarded');
    }
    // A span and not an instant: the owner's wall clock may be another.
    const { deadline: _ours, ...rest } = meta;
    const sent = { ...rest, remainingMs: remaining };
    const text = JSON.stringify({ version: PROTOCOL_VERSION, accountId, meta: sent, ...body });
    const answer = await exchange(agent, url, secret, text, remaining).catch((error: unknown) => {
      // Nobody is there: whoever asks again finds who takes the account over.
      throw error instanceof NotConnectedError ? new NotOwnerError(accountId, { cause: error }) : error;
    });
    const parsed = JSON.parse(answer.body) as { ok: T } | { error: ForwardedError };
    if ('error' in parsed) {
      throw fromForwardedError(parsed.error, accountId);
    }
    return parsed.ok;
  };

  return {
    executeAll: (address, accountId, commands, meta) =>
      call<readonly CommandReply[]>(new URL(EXECUTE_PATH, address), accountId, { commands }, meta),
    preview: (address, accountId, command, meta) =>
      call<PreviewReply>(new URL(PREVIEW_PATH, address), accountId, { command }, meta),
    close() {
      agent.destroy();
    },
  };
}

interface Answer {
  readonly body: string;
}

/** No connection was made, so that nothing was sent. */
class NotConnectedError extends Error {}

/**
 * One request, never repeated: without a connection NotConnectedError, a request that was turned away at the
 * door was not placed, all else is unknown.
 */
function exchange(agent: Agent, url: URL, secret: string, body: string, timeoutMs: number): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let connected = false;
    const fail = (cause: unknown, outcome: 'UNKNOWN' | 'NOT_PLACED' = 'UNKNOWN'): void => {
      reject(
        connected
          ? new UnavailableError(outcome, 'the gateway that owns the account did not answer', { cause })
          : new NotConnectedError('the gateway that owns the account cannot be reached', { cause }),
      );
    };
    const outgoing = request(
      url,
      {
        method: 'POST',
        agent,
        signal: AbortSignal.timeout(timeoutMs),
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          authorization: `Bearer ${secret}`,
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', (error) => {
          fail(error);
        });
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          if (response.statusCode === 200) {
            resolve({ body: text });
          } else {
            const isRefused = response.statusCode === 401 || response.statusCode === 413;
            fail(new Error(`status ${String(response.statusCode)}`), isRefused ? 'NOT_PLACED' : 'UNKNOWN');
          }
        });
      },
    );
    outgoing.on('socket', (socket) => {
      if (socket.connecting) {
        socket.once('connect', () => (connected = true));
      } else {
        connected = true;
      }
    });
    outgoing.on('error', (error) => {
      fail(error);
    });
    outgoing.end(body);
  });
}
