import type { Feed, FeedEvent } from '@omniquant/plugin-sdk';

import type { Chance, Clock } from '../ports/clock.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import { pause } from './deadline.ts';
import type { FeedDelivery } from './feed-delivery.ts';
import { createLoopTurns } from './loop-turns.ts';

export interface FeedStreamOptions {
  readonly feedId: string;
  readonly feed: Feed;
  readonly symbols: readonly string[];
  readonly clock: Clock;
  readonly chance: Chance;
  readonly telemetry: Telemetry;
  readonly delivery: FeedDelivery;
  readonly signal: AbortSignal;
  /** How the stream is: null for well, else what is wrong. */
  onState(problem: string | null, isOver: boolean): void;
}

const RETRY_FROM_MS = 500;
const RETRY_TO_MS = 30_000;

/** One stream's own end: the reason of its aborted signal. */
class StreamOver extends Error {
  readonly code = 'STREAM_OVER';
}

/**
 * Keeps a feed's stream open:
 *
 *   streaming --ends, throws, is silent for too long--> waiting (longer each time without an event) --> streaming
 *   streaming --ends, and the feed has a time of its own--> over
 *
 * Resolves when it is over or the signal is aborted.
 */
export async function keepStreaming(options: FeedStreamOptions): Promise<void> {
  const { chance, clock, delivery, feed, feedId, signal, telemetry } = options;
  const isOver = (): boolean => signal.aborted;
  let wait = RETRY_FROM_MS;
  while (!isOver()) {
    const before = delivery.reached;
    const problem = await streamOnce(options);
    if (isOver()) return;
    if (problem === null && feed.clock !== undefined) {
      telemetry.log('info', 'a feed has come to the end of its data', { feed: feedId });
      options.onState(null, true);
      return;
    }
    const reason = problem ?? 'its stream ended';
    telemetry.count('feed_streams_lost_total', { feed: feedId });
    telemetry.log('warn', 'the stream of a feed is opened anew', { feed: feedId, reason, waitMs: wait });
    options.onState(reason, false);
    if (delivery.reached !== before) wait = RETRY_FROM_MS;
    if (feed.resumable !== true && delivery.reached !== null) {
      telemetry.count('feed_gaps_total', { feed: feedId });
      telemetry.log('warn', 'a feed cannot go on where it was: what comes meanwhile is missing', {
        feed: feedId,
        since: delivery.reached,
      });
    }
    await pause(clock, wait * (0.75 + chance.next() / 2), signal);
    wait = Math.min(wait * 2, RETRY_TO_MS);
  }
}

/** Takes events until the end; answers with what went wrong, in words, or null. */
async function streamOnce(options: FeedStreamOptions): Promise<string | null> {
  const { clock, delivery, feed, signal, symbols } = options;
  const own = new AbortController();
  const turns = createLoopTurns(clock, signal);
  let giveUp = (_reason: Error): void => undefined;
  const stop = (reason: Error): void => {
    own.abort(reason);
    giveUp(reason);
  };
  const onAbort = (): void => {
    stop(new StreamOver('the feed is closed'));
  };
  signal.addEventListener('abort', onAbort, { once: true });
  const silence = watchSilence(clock, feed.silenceMs ?? null, stop);
  let iterator: AsyncIterator<FeedEvent> | null = null;
  try {
    const after = feed.resumable === true ? delivery.reached : null;
    const events = feed.stream({ symbols, after }, own.signal)[Symbol.asyncIterator]();
    iterator = events;
    // Not Promise.race: what lasts as long as the stream would remember every event.
    const next = (): Promise<IteratorResult<FeedEvent>> =>
      new Promise((resolve, reject) => {
        giveUp = reject;
        events.next().then(resolve, reject);
      });
    while (!own.signal.aborted) {
      const result = await next();
      if (result.done === true) return null;
      silence.broken();
      delivery.take(result.value);
      options.onState(null, false);
      const turn = turns.due();
      if (turn !== null) await turn;
    }
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    signal.removeEventListener('abort', onAbort);
    silence.end();
    own.abort(new StreamOver('the stream is over'));
    // One that hangs is not waited for: it has nobody left to tell.
    void iterator?.return?.().then(undefined, () => undefined);
  }
}

function watchSilence(
  clock: Clock,
  limitMs: number | null,
  stop: (reason: Error) => void,
): { broken(): void; end(): void } {
  let heardAt = clock.monotonic();
  const look = (ms: number) => clock.after(ms, check);
  function check(): void {
    if (limitMs === null) return;
    const left = heardAt + limitMs - clock.monotonic();
    if (left > 0) timer = look(left);
    else stop(new StreamOver(`it was silent for ${String(limitMs)} ms`));
  }
  let timer = limitMs === null ? null : look(limitMs);
  return {
    broken: () => void (heardAt = clock.monotonic()),
    end: () => timer?.cancel(),
  };
}
