import type { Feed } from '../../feed.ts';
import { Finding } from '../conformance/kit.ts';
import type { FeedCase, FeedKit } from './feed-kit.ts';

/** Ends a stream that is being read in some way, and fails unless that is noticed. */
async function ends(
  kit: FeedKit,
  feed: Feed,
  what: string,
  end: (own: AbortController) => Promise<void>,
): Promise<void> {
  const own = new AbortController();
  const symbols = (await kit.instruments(feed)).map(({ symbol }) => symbol);
  const iterator = feed.stream({ symbols, after: null }, own.signal)[Symbol.asyncIterator]();
  await kit.orAfter(iterator.next(), kit.options.quietMs ?? 1_000, null).catch(() => null);
  const rest = drain(iterator);
  await kit.promptly(what, end(own));
  await kit.promptly(`a stream after ${what}`, rest);
}

/** Reads on to the end; one that throws has ended, too. */
async function drain(iterator: AsyncIterator<unknown>): Promise<void> {
  try {
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
      // A stream that is never waited for would have all other work wait.
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
  } catch {
    // It says why it ends.
  }
}

export const abortCase: FeedCase = {
  number: 'F7',
  title: 'a stream or a history whose signal is aborted ends promptly',
  run: (kit) =>
    kit.with(async (feed) => {
      await ends(kit, feed, 'an abort', (own) => {
        own.abort();
        return Promise.resolve();
      });
      const [series] = kit.series(await kit.instruments(feed));
      if (series === undefined) return;
      const own = new AbortController();
      own.abort();
      const iterator = feed.history({ ...series, from: null, to: null }, own.signal)[Symbol.asyncIterator]();
      await kit.promptly('a history after an abort', drain(iterator));
    }),
};

export const closeCase: FeedCase = {
  number: 'F8',
  title: 'close ends what runs, may be called again, and leaves nothing behind that keeps a process alive',
  async run(kit) {
    const before = timers();
    await kit.with(async (feed) => {
      await ends(kit, feed, 'close', () => feed.close());
    });
    await kit.with((feed) => kit.streamed(feed, []).catch(() => []));
    const left = await leftBehind(kit, before);
    if (left > 0) throw new Finding(`${String(left)} timers are left behind`);
  },
};

/** A test runner has timers of its own, which come and go. */
async function leftBehind(kit: FeedKit, before: number): Promise<number> {
  const until = performance.now() + kit.promptMs;
  while (timers() > before && performance.now() < until) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  return timers() - before;
}

/** Timers that would keep the process alive. */
const timers = (): number => {
  const { process } = globalThis as { process?: { getActiveResourcesInfo?(): readonly string[] } };
  return process?.getActiveResourcesInfo?.().filter((each) => each === 'Timeout').length ?? 0;
};
