import type { BrokerMarketData } from '../../broker.ts';
import type { VenueQuote } from '../../venue-market.ts';
import type { FixtureMarket } from '../broker-fixture.ts';
import type { BrokerBench } from './broker-bench.ts';
import { type BrokerCase, concerns } from './broker-case.ts';
import { type Connected, shown } from './connected.ts';
import { expectThat } from './patience.ts';
import { sameAmount } from './terms.ts';

interface MarketBench {
  readonly connected: Connected;
  readonly data: BrokerMarketData;
  readonly market: FixtureMarket;
}

async function withMarket(bench: BrokerBench): Promise<MarketBench> {
  const connected = await bench.ready();
  const data = connected.broker.marketData;
  concerns(data !== undefined, 'it has no market data');
  const { market } = bench.venue;
  expectThat(market !== undefined, 'the fixture of a broker with market data has no market');
  return { connected, data, market };
}

type Shown = Pick<VenueQuote, 'symbol' | 'bid' | 'ask'>;

const isSame = (told: Shown, quote: Shown): boolean =>
  told.symbol === quote.symbol && sameAmount(told.bid, quote.bid) && sameAmount(told.ask, quote.ask);

/** Quotes until one of them comes through: a subscription takes its time, and has no answer. */
async function untilQuoted(
  bench: BrokerBench,
  { connected, market }: MarketBench,
  symbol: string,
): Promise<void> {
  await bench.patience.until(`a quote of ${symbol}`, async () => {
    const quote = await market.quote(symbol);
    await bench.patience.linger(20);
    return connected.told.quotes.some((told) => isSame(told, quote));
  });
}

export const subscribeCase: BrokerCase = {
  number: 'B35',
  title: 'quotes of subscribed symbols are told, exactly, and again after a lost stream; bars are in order',
  async run(bench) {
    const { symbol } = bench.fixture;
    const at = await withMarket(bench);
    const { connected, data, market } = at;
    const instruments = await connected.read('instruments', (signal) => data.instruments(signal));
    expectThat(
      instruments.some((each) => each.symbol === symbol),
      () => `instruments lack ${symbol}: ${shown(instruments.map((each) => each.symbol))}`,
    );
    bench.watch.run(() => {
      data.subscribe([symbol]);
      data.subscribe([symbol]);
    });
    await untilQuoted(bench, at, symbol);
    expectThat(
      connected.told.quotes.every((quote) => quote.symbol === symbol),
      'it tells quotes of symbols that nobody subscribed to',
    );
    bench.each((proxy) => {
      proxy.cut();
    });
    await connected.untilDown(bench.fixture.silenceMs ?? 10_000);
    await connected.untilReady();
    connected.told.quotes.length = 0;
    await untilQuoted(bench, at, symbol);
    bench.watch.run(() => {
      data.subscribe([market.otherSymbol]);
    });
    await untilQuoted(bench, at, market.otherSymbol);
    await untilQuoted(bench, at, symbol);
    const request = { symbol, interval: 'DAY_1' as const, from: null, to: null, limit: 5 };
    const bars = await connected.read('bars', (signal) => data.bars(request, signal));
    expectThat(
      bars.length <= request.limit,
      `bars has ${String(bars.length)}, and ${String(request.limit)} were asked for`,
    );
    const times = bars.map((bar) => bar.at);
    const isRising = times.every((time, index) => index === 0 || time > (times[index - 1] ?? 0));
    expectThat(isRising, () => `bars are not oldest first, each once: ${shown(times)}`);
  },
};

const FLOOD = 500;

export const floodCase: BrokerCase = {
  number: 'B36',
  title: 'a flood of quotes holds up no order event, and the last quote is the last that is told',
  async run(bench) {
    const at = await withMarket(bench);
    const { connected, data, market } = at;
    const { quantity, symbol } = bench.fixture;
    bench.watch.run(() => {
      data.subscribe([symbol]);
    });
    await untilQuoted(bench, at, symbol);
    await connected.place('flooded');
    let last = await market.quote(symbol);
    for (let count = 0; count < FLOOD; count += 1) last = await market.quote(symbol);
    await bench.fill('flooded', quantity);
    await bench.patience.until('a fill during a flood of quotes', () =>
      connected.told.kindsOf('flooded').includes('filled'),
    );
    await bench.patience.until('the last quote', () =>
      connected.told.quotes.some((told) => isSame(told, last)),
    );
    expectThat(connected.told.isReady, 'a flood of quotes has cost it the connection');
  },
};

export const symbolCase: BrokerCase = {
  number: 'B37',
  title: 'a symbol that the venue refuses fails alone: the others flow, and orders go on',
  async run(bench) {
    const at = await withMarket(bench);
    const { connected, data, market } = at;
    const { symbol } = bench.fixture;
    bench.watch.run(() => {
      data.subscribe([market.refusedSymbol, symbol]);
    });
    await untilQuoted(bench, at, symbol);
    expectThat(
      connected.told.isReady,
      () => `a refused symbol makes it ${shown(connected.told.statuses.at(-1))}`,
    );
    await connected.place('working');
    await connected
      .read('bars of a refused symbol', (signal) =>
        data.bars(
          { symbol: market.refusedSymbol, interval: 'DAY_1', from: null, to: null, limit: 5 },
          signal,
        ),
      )
      .catch(() => []);
    await untilQuoted(bench, at, symbol);
  },
};
