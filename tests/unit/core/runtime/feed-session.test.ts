import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Feed, FeedEvent, FeedInstrument } from '@omniquant/plugin-sdk';
import { formatDecimal } from '@omniquant/plugin-sdk/decimal';

import { createScriptedFeed, listed } from '../../../support/scripted-feed.ts';
import {
  bar,
  barEvent,
  createFeedMarket,
  type FeedMarket,
  MINUTE,
  OPEN,
  quoteEvent,
  replayed,
  tradeEvent,
} from './feed-market.ts';

describe('a market that a feed tells of', () => {
  let market: FeedMarket;

  beforeEach(() => {
    market = createFeedMarket();
  });
  afterEach(() => market.close());

  const text = (value: bigint | null | undefined): string | null =>
    value === null || value === undefined ? null : formatDecimal(value);

  it('has its instruments, its quotes, and the time of day', async () => {
    await market.open(createScriptedFeed([listed('AAPL'), listed('BAD SYMBOL')]));
    expect(market.hub.instruments().map(({ symbol }) => symbol)).toEqual(['AAPL']);
    expect(market.hub.instruments()[0]).not.toHaveProperty('barIntervals');
    expect(market.script.requests).toEqual([{ symbols: ['AAPL'], after: null }]);
    await market.tell(quoteEvent(market.clock.now()));
    expect(text(market.hub.quote('AAPL')?.ask)).toBe('10.02');
    expect(market.hub.clock()).toMatchObject({ replayed: false, speed: 1 });
    expect(market.hub.now()).toBe(market.clock.now());
    expect(market.session.status()).toEqual({ feed: 'scripted', state: 'READY', reason: null });
  });

  it('has the time of a replay, and nothing of what has not happened in it', async () => {
    const bars = [0, 1, 2, 3, 4].map((index) => bar(index));
    await market.open(createScriptedFeed([listed('AAPL', ['MINUTE_1'])], { bars, ...replayed(OPEN) }));
    expect(market.hub.clock()).toMatchObject({ replayed: true, speed: 60, session: 'OPEN' });
    await market.tell(barEvent(0), barEvent(1));
    expect(market.hub.now()).toBeGreaterThanOrEqual(OPEN + 2 * MINUTE);
    const found = await market.hub.bars('AAPL', 'MINUTE_1', null, null, 10, AbortSignal.timeout(5_000));
    expect(found.map(({ at }) => (at - OPEN) / MINUTE)).toEqual([0, 1]);
  });

  it('gives bars as the feed has them, and puts coarser ones together', async () => {
    await market.open(createScriptedFeed([listed('AAPL', ['MINUTE_1'])], replayed(OPEN)));
    const seen: string[] = [];
    for (const interval of ['MINUTE_1', 'MINUTE_5'] as const) {
      market.hub.onBar('AAPL', interval, ({ at, close, isClosed, volume }) => {
        if (isClosed) seen.push([interval, (at - OPEN) / MINUTE, text(close), text(volume)].join(' '));
      });
    }
    await market.tell(...[0, 1, 2, 3, 4].map((index) => barEvent(index, String(10 + index))));
    expect(seen).toEqual([
      'MINUTE_1 0 10 100',
      'MINUTE_1 1 11 100',
      'MINUTE_1 2 12 100',
      'MINUTE_1 3 13 100',
      'MINUTE_1 4 14 100',
      'MINUTE_5 0 14 500',
    ]);
    // It has no quotes: what it is worth is its last price.
    expect(market.hub.quote('AAPL')).toMatchObject({ bid: null, ask: null, at: OPEN + 5 * MINUTE });
    expect(text(market.hub.quote('AAPL')?.last)).toBe('14');
  });

  it('gives bars also to who listened before the feed was there', async () => {
    let answer = (): void => undefined;
    const instruments = () =>
      new Promise<FeedInstrument[]>((resolve) => {
        answer = () => {
          resolve([listed('AAPL', ['MINUTE_1'])]);
        };
      });
    await market.open(createScriptedFeed([], { instruments, ...replayed(OPEN) }));
    const seen: string[] = [];
    for (const interval of ['MINUTE_1', 'MINUTE_5'] as const) {
      market.hub.onBar('AAPL', interval, ({ isClosed }) => isClosed && seen.push(interval));
    }
    answer();
    await market.clock.advance(0);
    await market.tell(...[0, 1, 2, 3, 4].map((index) => barEvent(index)));
    expect(seen).toEqual([...Array.from({ length: 5 }, () => 'MINUTE_1'), 'MINUTE_5']);
  });

  it('puts coarser bars of the past together, whole from the first', async () => {
    const bars = Array.from({ length: 12 }, (_, index) => bar(index, String(6 + index)));
    await market.open(createScriptedFeed([listed('AAPL', ['MINUTE_1'])], { bars, ...replayed(OPEN) }));
    await market.tell(barEvent(11));
    const signal = AbortSignal.timeout(5_000);
    const found = await market.hub.bars('AAPL', 'MINUTE_5', null, null, 10, signal);
    expect(found.map(({ at, close, isClosed }) => [(at - OPEN) / MINUTE, text(close), isClosed])).toEqual([
      [0, '10', true],
      [5, '15', true],
      [10, '17', false],
    ]);
    expect(await market.hub.bars('AAPL', 'MINUTE_5', null, null, 2, signal)).toHaveLength(2);
    expect(
      (await market.hub.bars('AAPL', 'MINUTE_5', OPEN + 1, OPEN + 6 * MINUTE, 10, signal)).map(
        ({ at }) => at,
      ),
    ).toEqual([OPEN + 5 * MINUTE]);
    expect(await market.hub.bars('AAPL', 'SECOND_1', null, null, 10, signal)).toEqual([]);
    await expect(market.hub.bars('MSFT', 'DAY_1', null, null, 10, signal)).rejects.toMatchObject({
      code: 'UNAVAILABLE',
    });
  });

  it.each<[string, (now: number) => FeedEvent]>([
    ['a symbol that was not asked for', (now) => quoteEvent(now, '1', '2', 'MSFT')],
    ['a price that is none', (now) => quoteEvent(now, 'ten')],
    ['a price below zero', (now) => quoteEvent(now, '-1')],
    ['a time in the future', (now) => quoteEvent(now + 3_600_000)],
    ['a time that is none', () => quoteEvent(Number.NaN)],
    ['an older quote', (now) => quoteEvent(now - 60_000)],
    ['a bar whose high is below its low', () => ({ kind: 'bar', ...bar(0), high: '1' })],
    ['a bar that begins nowhere', () => ({ kind: 'bar', ...bar(0), at: OPEN + 1 })],
    ['a size below zero', (now) => ({ ...tradeEvent(now, '5'), size: '-1' }) as FeedEvent],
  ])('refuses %s, and nothing else', async (_, wrong) => {
    await market.open(createScriptedFeed([listed('AAPL', ['MINUTE_1'])]));
    await market.tell(quoteEvent(market.clock.now(), '10'));
    const before = market.hub.quote('AAPL');
    await market.tell(wrong(market.clock.now()));
    expect(market.hub.quote('AAPL')).toEqual(before);
    expect(market.counts.get('feed_events_refused_total')).toBe(1);
    await market.tell(quoteEvent(market.clock.now(), '9'));
    expect(text(market.hub.quote('AAPL')?.bid)).toBe('9');
    expect(market.hub.now()).toBe(market.clock.now());
  });

  it('refuses a bar that is told twice, and a replay that goes back', async () => {
    await market.open(createScriptedFeed([listed('AAPL', ['MINUTE_1'])], replayed(OPEN)));
    await market.tell(barEvent(0), barEvent(0), barEvent(1), quoteEvent(OPEN));
    expect(market.counts.get('feed_events_refused_total')).toBe(2);
    expect(market.counts.get('feed_events_total')).toBe(2);
  });

  it('conflates the quotes of a feed that floods, and leaves others their turn', async () => {
    let told = 0;
    const flood: Partial<Feed> = {
      async *stream(_, signal) {
        await Promise.resolve();
        while (!signal.aborted) {
          told += 1;
          yield quoteEvent(market.clock.now(), '10', (10 + told / 100).toFixed(2));
        }
      },
    };
    await market.open(createScriptedFeed([listed('AAPL')], flood));
    let heard = 0;
    market.hub.onQuote(() => (heard += 1));
    await market.clock.advance(100);
    expect(told).toBeGreaterThan(1_000);
    expect(heard).toBeGreaterThan(0);
    expect(heard).toBeLessThan(told / 100);
  });

  it('is opened anew when it ends or throws, later and later, and goes on where it can', async () => {
    await market.open(createScriptedFeed([listed('AAPL')], { resumable: true }));
    await market.tell(quoteEvent(market.clock.now()));
    const last = market.clock.now() - 5;
    market.script.end(new Error('the line was cut'));
    await market.clock.advance(0);
    expect(market.session.status()).toEqual({
      feed: 'scripted',
      state: 'FAILING',
      reason: 'the line was cut',
    });
    await market.clock.advance(1_000);
    expect(market.script.requests.at(-1)).toEqual({ symbols: ['AAPL'], after: last });
    for (let index = 0; index < 6; index += 1) {
      market.script.end();
      await market.clock.advance(0);
      await market.clock.advance(1_000);
    }
    expect(market.script.requests.length).toBeLessThan(6);
    expect(market.counts.get('feed_gaps_total')).toBeUndefined();
    await market.clock.advance(60_000);
    await market.tell(quoteEvent(market.clock.now(), '7'));
    expect(market.session.status()).toMatchObject({ state: 'READY' });
    expect(text(market.hub.quote('AAPL')?.bid)).toBe('7');
  });

  it('says that something is missing where a feed cannot go on', async () => {
    await market.open(createScriptedFeed([listed('AAPL')]));
    await market.tell(quoteEvent(market.clock.now()), {
      kind: 'gap',
      symbols: ['AAPL'],
      at: market.clock.now(),
      reason: 'a lost packet',
    });
    expect(market.counts.get('feed_gaps_total')).toBe(1);
    market.script.end();
    await market.clock.advance(1_000);
    expect(market.counts.get('feed_gaps_total')).toBe(2);
    expect(market.script.requests.at(-1)?.after).toBeNull();
  });

  it('gives up a stream that is silent for too long, and one that never ends by itself', async () => {
    const hanging: Partial<Feed> = {
      silenceMs: 3_000,
      stream: () => ({ [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => undefined) }) }),
    };
    await market.open(createScriptedFeed([listed('AAPL')], hanging));
    await market.clock.advance(2_900);
    expect(market.session.status().state).toBe('READY');
    await market.clock.advance(200);
    expect(market.session.status()).toMatchObject({ state: 'FAILING', reason: 'it was silent for 3000 ms' });
  });

  it('stays as it was at the end of a replay', async () => {
    await market.open(createScriptedFeed([listed('AAPL', ['MINUTE_1'])], replayed(OPEN)));
    await market.tell(barEvent(0));
    market.script.end();
    await market.clock.advance(60_000);
    expect(market.session.status()).toMatchObject({ state: 'ENDED', reason: null });
    expect(market.script.requests).toHaveLength(1);
    expect(text(market.hub.quote('AAPL')?.last)).toBe('10');
  });

  it('is connected anew when its plugin was started anew', async () => {
    await market.open(createScriptedFeed([listed('AAPL')]));
    market.restartPlugin();
    await market.clock.advance(1_000);
    expect(market.script.closed()).toBe(1);
    expect(market.connects).toBe(2);
    expect(market.script.requests).toHaveLength(2);
  });

  it('is asked for again when it cannot be opened or does not answer, and says why not', async () => {
    let tries = 0;
    await market.open(createScriptedFeed([listed('AAPL')]), () => {
      tries += 1;
      return tries === 1 ? Promise.reject(new Error('no such folder')) : new Promise(() => undefined);
    });
    expect(market.session.status()).toEqual({
      feed: 'scripted',
      state: 'CONNECTING',
      reason: 'no such folder',
    });
    await market.clock.advance(6_000);
    expect(market.session.status().reason).toContain('did not answer');
    expect(tries).toBe(2);
  });

  it('says what is wrong with bars of the past, and costs the answer only', async () => {
    const bars = [bar(1), bar(0)];
    await market.open(createScriptedFeed([listed('AAPL', ['MINUTE_1'])], { bars }));
    const asked = market.hub.bars('AAPL', 'MINUTE_1', null, null, 10, AbortSignal.timeout(5_000));
    await expect(asked).rejects.toMatchObject({ code: 'UNAVAILABLE', cause: { code: 'DATA_INVALID' } });
    expect(market.session.status().state).toBe('READY');
  });
});
