import { describe, expect, it } from '@jest/globals';
import { barHistory } from '@omniquant/venue/bar-history';
import { InstrumentGrid } from '@omniquant/venue/instrument-grid';
import { MarketReplay } from '@omniquant/venue/market-replay';
import { MINUTE_MS } from '@omniquant/venue/new-york-time';
import { RecordedSeries } from '@omniquant/venue/recorded-series';

import { MarketFeed } from '../../../../plugins/broker-simulated/src/server/market-feed.ts';
import { ACME } from '../../../support/venue/test-exchange.ts';

const grid = new InstrumentGrid(ACME);
const day = Date.UTC(2016, 0, 4) / 86_400_000;
const series = new RecordedSeries(grid, [
  { day, open: '100', high: '104', low: '99', close: '102', volume: '40000000' },
]);
const replay = new MarketReplay({ seed: 'feed', series: [series] });
const feed = new MarketFeed(replay, () => grid);
const { open } = replay.days.session(0);

describe('what the venue tells about its market', () => {
  it.each([
    ['a quarter of a minute', 15_000],
    ['ten minutes', 10 * MINUTE_MS],
  ])('makes exact minute bars, told every %s', (_, every) => {
    const end = open + 20 * MINUTE_MS;
    const told = [];
    for (let at = open - 1; at < end - 1; at += every) told.push(...feed.trades('ACME', at, at + every));
    const minutes = [...Map.groupBy(told, ({ at }) => Math.floor(at / MINUTE_MS)).values()];
    const bars = minutes.map((trades) => {
      const prices = trades.map(({ price }) => Number(price));
      return {
        open: trades[0]?.price,
        high: Math.max(...prices),
        low: Math.min(...prices),
        close: trades.at(-1)?.price,
        volume: trades.reduce((sum, { size }) => sum + Number(size), 0),
      };
    });
    const recorded = [
      ...barHistory(replay, { symbol: 'ACME', interval: 'MINUTE_1', from: null, to: end, now: end }),
    ].flat();
    expect(bars).toEqual(
      recorded.map((bar) => ({
        open: bar.open,
        high: Number(bar.high),
        low: Number(bar.low),
        close: bar.close,
        volume: Number(bar.volume),
      })),
    );
  });

  it('quotes the time of asking while the market is open, and the last quote when it is not', () => {
    expect(feed.quote('ACME', open + 1_234)).toMatchObject({ symbol: 'ACME', at: open + 1_234 });
    const close = replay.days.session(0).close;
    expect(feed.quote('ACME', close + 60_000)).toMatchObject({ at: close - 500, last: '102' });
    expect(feed.quote('ACME', open - 1)).toBeNull();
  });
});
