import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Broker, VenueBar, VenueInstrument } from '@omniquant/plugin-sdk';
import { formatDecimal } from '@omniquant/plugin-sdk/decimal';

import { createMarketHub, type MarketHub } from '../../../../core/runtime/market-hub.ts';
import { SCRIPTED_CAPABILITIES } from '../../../support/scripted-venue.ts';
import { createVirtualClock, type VirtualClock } from '../../../support/virtual-clock.ts';

const OPEN = Date.UTC(2018, 0, 2, 15, 0, 0);

const described = (symbol: string, lotSize = '1'): VenueInstrument => ({
  symbol,
  name: null,
  assetClass: 'EQUITY',
  currency: 'USD',
  tickSize: '0.01',
  lotSize,
  multiplier: '1',
  minQuantity: null,
  maxQuantity: null,
  shortable: true,
  fractionable: false,
  exchange: null,
  calendar: 'US_EQUITY',
});

const openBar: VenueBar = {
  symbol: 'AAPL',
  interval: 'MINUTE_1',
  at: OPEN,
  open: '10',
  high: '12',
  low: '9',
  close: '11',
  volume: '5',
  isClosed: false,
};

describe('the market hub', () => {
  let clock: VirtualClock;
  let hub: MarketHub;
  let moves: { readonly at: number; readonly symbols: readonly string[] }[];
  let subscribed: string[];
  let failures: number;
  let warnings: string[];

  beforeEach(() => {
    clock = createVirtualClock();
    moves = [];
    subscribed = [];
    warnings = [];
    failures = 0;
    hub = createMarketHub({
      clock,
      telemetry: {
        span: () => {
          throw new Error('no spans here');
        },
        count: () => undefined,
        observe: () => undefined,
        gauge: () => undefined,
        log: (_, message) => void warnings.push(message),
      },
      source: 'scripted',
      requestTimeoutMs: 1_000,
      moveEveryMs: 100,
      settings: { accountCalendar: 'US_EQUITY', haltedSymbols: new Set(['HALT']) },
      onMoved: (symbols) => void moves.push({ at: clock.monotonic(), symbols }),
    });
  });

  function connect(): Promise<void> {
    const answer = <T>(value: T): Promise<T> => {
      failures -= 1;
      return failures >= 0 ? Promise.reject(new Error('not yet')) : Promise.resolve(value);
    };
    const broker = {
      capabilities: SCRIPTED_CAPABILITIES,
      marketData: {
        instruments: () => answer([described('AAPL'), described('BAD', '0'), described('HALT')]),
        subscribe: (symbols: readonly string[]) => void subscribed.push(...symbols),
        bars: () => answer([openBar]),
        clock: () => answer({ at: OPEN, replayed: true, speed: 60 }),
        setSpeed: (speed: number) => answer({ at: hub.now(), replayed: true, speed }),
      },
    } as unknown as Broker;
    hub.connect(broker);
    return clock.advance(0);
  }

  const quote = (symbol: string, at: number, bid = '10', ask = '10.02'): void => {
    hub.sink.quote({ symbol, at, bid, ask, bidSize: '1', askSize: '1', last: null });
  };

  it('knows what can be traded, leaves out what cannot, and subscribes to it', async () => {
    await connect();
    expect(hub.instruments().map(({ symbol }) => symbol)).toEqual(['AAPL', 'HALT']);
    expect(subscribed).toEqual(['AAPL', 'HALT']);
    expect(hub.view.isHalted('HALT')).toBe(true);
    expect(hub.view.isHalted('AAPL')).toBe(false);
  });

  it('asks again when its source does not answer at first', async () => {
    failures = 2;
    await connect();
    expect(hub.instruments()).toEqual([]);
    await clock.advance(3_000);
    expect(hub.instruments()).toHaveLength(2);
  });

  it('tells at most ten times a second which symbols have moved, each once', async () => {
    await connect();
    for (let index = 0; index < 50; index += 1) {
      quote('AAPL', OPEN + index);
      quote('HALT', OPEN + index);
      await clock.advance(20);
    }
    expect(moves.length).toBeGreaterThanOrEqual(9);
    expect(moves.length).toBeLessThanOrEqual(10);
    expect(moves[0]?.symbols).toEqual(['AAPL', 'HALT']);
  });

  it('keeps the newest quote with the wall time of its receipt', async () => {
    await connect();
    quote('AAPL', OPEN + 1, '10', '10.02');
    await clock.advance(30);
    quote('AAPL', OPEN + 2, '11', '11.02');
    expect(formatDecimal(hub.quote('AAPL')?.bid ?? 0n)).toBe('11');
    expect(hub.marketQuote('AAPL')).toMatchObject({ at: OPEN + 2, receivedAt: clock.now() });
    expect(hub.view.quote('MSFT')).toBeUndefined();
  });

  it('drops what it cannot read, and no more', async () => {
    await connect();
    quote('AAPL', OPEN, 'ten', '10.02');
    hub.sink.trade({ symbol: 'AAPL', at: OPEN, price: '', size: '1' });
    expect(hub.quote('AAPL')).toBeUndefined();
    expect(warnings.filter((message) => message.includes('not understood'))).toHaveLength(2);
    quote('AAPL', OPEN);
    expect(hub.quote('AAPL')).toBeDefined();
  });

  it('extrapolates market time at the market’s speed for two seconds, and never back', async () => {
    expect(hub.now()).toBe(0);
    await connect();
    await clock.advance(500);
    expect(hub.now()).toBe(OPEN + 500 * 60);
    await clock.advance(60_000);
    expect(hub.now()).toBe(OPEN + 2_000 * 60);
    hub.sink.clock({ at: OPEN + 1_000, replayed: true, speed: 60 });
    expect(hub.now()).toBe(OPEN + 2_000 * 60);
    hub.sink.clock({ at: OPEN + 500_000, replayed: true, speed: 1 });
    await clock.advance(100);
    expect(hub.now()).toBe(OPEN + 500_100);
    quote('AAPL', OPEN + 600_000);
    expect(hub.now()).toBe(OPEN + 600_000);
    expect(hub.clock()).toMatchObject({ replayed: true, session: 'OPEN' });
  });

  it('is the wall clock where there is no market data', async () => {
    hub.connect({ capabilities: SCRIPTED_CAPABILITIES } as unknown as Broker);
    await hub.whenTimeKnown();
    expect(hub.now()).toBe(clock.now());
    await clock.advance(5_000);
    const before = hub.now();
    clock.jump(-3_600_000);
    expect(hub.now()).toBe(before);
  });

  it('goes on with the bar that the source had begun, closes it, and stops when nobody listens', async () => {
    await connect();
    const bars: string[] = [];
    const stop = hub.onBar('AAPL', 'MINUTE_1', ({ at, open, high, close, isClosed }) =>
      bars.push(
        [at - OPEN, formatDecimal(open), formatDecimal(high), formatDecimal(close), isClosed].join(' '),
      ),
    );
    await clock.settle();
    quote('AAPL', OPEN + 30_000, '13', '13.02');
    expect(bars).toEqual(['0 10 12 11 false', '0 10 13.01 13.01 false']);
    hub.sink.clock({ at: OPEN + 60_000, replayed: true, speed: 0.001 });
    hub.tick();
    expect(bars.at(-1)).toBe('0 10 13.01 13.01 true');
    stop();
    quote('AAPL', OPEN + 90_000);
    expect(bars).toHaveLength(3);
  });

  it('says what cannot be had now, and what cannot be had at all', async () => {
    const signal = AbortSignal.timeout(10_000);
    await expect(hub.bars('AAPL', 'MINUTE_1', null, null, 10, signal)).rejects.toMatchObject({
      code: 'UNAVAILABLE',
    });
    await connect();
    expect(await hub.bars('AAPL', 'MINUTE_1', null, null, 10, signal)).toHaveLength(1);
    await expect(hub.setSpeed(0, signal)).rejects.toMatchObject({ code: 'BAD_USER_INPUT', field: 'speed' });
    await hub.setSpeed(5, signal);
    expect(hub.clock().speed).toBe(5);
    failures = 1;
    await expect(hub.bars('AAPL', 'MINUTE_1', null, null, 10, signal)).rejects.toMatchObject({
      code: 'UNAVAILABLE',
    });
  });

  it('is silent once it is closed', async () => {
    await connect();
    quote('AAPL', OPEN);
    hub.close();
    await clock.advance(1_000);
    expect(moves).toEqual([]);
  });
});
