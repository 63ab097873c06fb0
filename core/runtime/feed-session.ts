import type { Chance, Clock } from '../ports/clock.ts';
import type { FeedConnection, FeedConnector } from '../ports/feed-connector.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import { pause, withDeadline } from './deadline.ts';
import type { FeedSink } from './feed-delivery.ts';
import { createFeedSource } from './feed-source.ts';
import type { MarketConnection } from './market-hub.ts';

export interface FeedSessionOptions {
  readonly feedId: string;
  readonly connector: FeedConnector;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly telemetry: Telemetry;
  /** For opening: a feed of files reads all of them. */
  readonly connectTimeoutMs: number;
  readonly closeTimeoutMs: number;
  readonly sink: FeedSink;
  /** The feed is there (again): it may be asked for instruments and subscribed to. */
  onOpened(connection: MarketConnection): void;
}

/** How a feed is, for operators. ENDED: a replay has come to the end of its data. */
export interface FeedStatus {
  readonly feed: string;
  readonly state: 'CONNECTING' | 'READY' | 'FAILING' | 'ENDED';
  readonly reason: string | null;
}

/**
 * Keeps one feed open, and whatever it does alone: one that throws, hangs or says nonsense costs its own data.
 *
 *   connecting --opened--> open --its plugin was stopped or started anew--> closing --> connecting ...   close: from anywhere
 */
export interface FeedSession {
  status(): FeedStatus;
  close(): Promise<void>;
}

const RECONNECT_FROM_MS = 500;
const RECONNECT_TO_MS = 30_000;

export function openFeedSession(options: FeedSessionOptions): FeedSession {
  const { clock, closeTimeoutMs, connectTimeoutMs, connector, feedId, telemetry } = options;
  const closing = new AbortController();
  const isClosing = (): boolean => closing.signal.aborted;
  let status: FeedStatus = { feed: feedId, state: 'CONNECTING', reason: 'it has not been opened yet' };

  function setStatus(state: FeedStatus['state'], reason: string | null): void {
    const isReady = state === 'READY' || state === 'ENDED';
    const isNews = status.state !== state || status.reason !== reason;
    status = { feed: feedId, state, reason };
    if (isNews) telemetry.gauge('feed_ready', isReady ? 1 : 0, { feed: feedId });
  }

  async function attempt(signal: AbortSignal): Promise<FeedConnection> {
    const opened = await connector.connect(feedId, signal);
    // It came after its deadline, and nobody waits for it any more.
    if (signal.aborted) await opened.close();
    return opened;
  }

  async function open(): Promise<FeedConnection | null> {
    for (let wait = RECONNECT_FROM_MS; !isClosing(); wait = Math.min(wait * 2, RECONNECT_TO_MS)) {
      try {
        return await withDeadline(clock, connectTimeoutMs, 'the feed', attempt, closing.signal);
      } catch (error) {
        const reason = error instanceof Error ? error.message : 'the feed could not be opened';
        if (status.reason !== reason && !isClosing()) {
          telemetry.log('warn', 'a feed could not be opened', { feed: feedId, error });
          setStatus('CONNECTING', reason);
        }
      }
      await pause(clock, wait, closing.signal);
    }
    return null;
  }

  async function use(connection: FeedConnection): Promise<void> {
    const { feed } = connection;
    const signal = AbortSignal.any([connection.signal, closing.signal]);
    options.onOpened(
      createFeedSource({
        ...options,
        feed,
        signal,
        onState(problem, isOver) {
          if (signal.aborted) return;
          if (problem !== null) setStatus('FAILING', problem);
          else setStatus(isOver ? 'ENDED' : 'READY', null);
        },
      }),
    );
    setStatus('READY', null);
    await whenAborted(signal);
    setStatus('CONNECTING', 'it is being opened anew');
    await withDeadline(clock, closeTimeoutMs, 'closing the feed', () => connection.close()).catch(
      (error: unknown) => {
        telemetry.log('warn', 'a feed did not close well', { feed: feedId, error });
      },
    );
  }

  async function keepOpen(): Promise<void> {
    while (!isClosing()) {
      const opened = await open();
      if (opened !== null) await use(opened);
    }
  }

  const keeping = keepOpen();
  return {
    status: () => status,
    async close() {
      closing.abort();
      await keeping;
    },
  };
}

function whenAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else {
      signal.addEventListener('abort', () => {
        resolve();
      });
    }
  });
}
