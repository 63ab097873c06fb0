import type { BrokerOutcome } from '@omniquant/plugin-sdk';
import type { VenueCommand } from '@omniquant/venue/commands';

import { type CommandsResponse, MAX_COMMANDS } from '../protocol.ts';
import { type VenueHttp, VenueRequestError } from './venue-http.ts';

interface Entry {
  readonly command: VenueCommand;
  readonly signal: AbortSignal;
  readonly settle: (outcome: BrokerOutcome) => void;
}

/**
 * Sends the commands of one turn of the event loop as one request, each with an outcome and a deadline
 * of its own. A command is sent once: what is not answered is unknown.
 */
export class CommandQueue {
  private readonly http: VenueHttp;
  private readonly now: () => number;
  private readonly closing = new AbortController();
  private waiting: Entry[] = [];

  /** @param now Market time, for refusals that carry none. */
  constructor(http: VenueHttp, now: () => number) {
    this.http = http;
    this.now = now;
  }

  send(command: VenueCommand, signal: AbortSignal): Promise<BrokerOutcome> {
    if (this.closing.signal.aborted) {
      return Promise.resolve({ kind: 'notSent', reason: 'the connection is closed' });
    }
    return new Promise((resolve) => {
      if (this.waiting.length === 0) {
        setImmediate(() => {
          this.flush();
        });
      }
      this.waiting.push({ command, signal, settle: resolve });
    });
  }

  /** What is on its way becomes unknown. */
  close(): void {
    this.closing.abort();
  }

  private flush(): void {
    const entries = this.waiting;
    this.waiting = [];
    const due: Entry[] = [];
    for (const entry of entries) {
      if (entry.signal.aborted || this.closing.signal.aborted) {
        entry.settle({ kind: 'notSent', reason: 'the deadline passed before it was sent' });
      } else due.push(entry);
    }
    for (let from = 0; from < due.length; from += MAX_COMMANDS) {
      void this.request(due.slice(from, from + MAX_COMMANDS));
    }
  }

  private async request(entries: readonly Entry[]): Promise<void> {
    const abandon = new AbortController();
    const open = new Set(entries);
    const settle = (entry: Entry, outcome: BrokerOutcome): void => {
      if (!open.delete(entry)) return;
      entry.settle(outcome);
      if (open.size === 0) abandon.abort();
    };
    const forgetDeadlines = watchDeadlines(entries, (entry) => {
      settle(entry, { kind: 'unknown', reason: 'no answer before the deadline' });
    });
    const outcomes = await this.outcomesOf(entries, AbortSignal.any([abandon.signal, this.closing.signal]));
    forgetDeadlines();
    for (const [index, entry] of entries.entries()) {
      settle(entry, outcomes[index] ?? { kind: 'unknown', reason: 'the answer lacks this order' });
    }
  }

  private async outcomesOf(
    entries: readonly Entry[],
    signal: AbortSignal,
  ): Promise<readonly BrokerOutcome[]> {
    try {
      const commands = entries.map(({ command }) => command);
      const answer = await this.http.send<Partial<CommandsResponse> | null>(
        'POST',
        '/commands',
        { commands },
        signal,
      );
      return answer?.outcomes ?? [];
    } catch (error) {
      const outcome = this.failure(error);
      return entries.map(() => outcome);
    }
  }

  private failure(error: unknown): BrokerOutcome {
    if (!(error instanceof VenueRequestError)) return { kind: 'unknown', reason: String(error) };
    const { code, status, message } = error;
    if (code === 'UNREACHABLE') return { kind: 'notSent', reason: message };
    // An answer below 500 is the venue's word that it took nothing of the request.
    if (status === undefined || status < 400 || status >= 500) {
      return { kind: 'unknown', reason: `${code}: ${message}` };
    }
    return { kind: 'rejected', code: status === 429 ? 'RATE_LIMITED' : 'OTHER', message, at: this.now() };
  }
}

/** Calls back for each entry whose deadline passes; one listener for entries that share a signal. */
const watchDeadlines = (entries: readonly Entry[], onDeadline: (entry: Entry) => void): (() => void) => {
  const stops: (() => void)[] = [];
  for (const [signal, group] of Map.groupBy(entries, (entry) => entry.signal)) {
    const listener = (): void => {
      for (const entry of group) onDeadline(entry);
    };
    signal.addEventListener('abort', listener, { once: true });
    stops.push(() => {
      signal.removeEventListener('abort', listener);
    });
  }
  return () => {
    for (const stop of stops) stop();
  };
};
