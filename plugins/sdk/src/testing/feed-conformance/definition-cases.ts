import { parseDecimal } from '../../decimal.ts';
import { type FeedErrorCode, isFeedError } from '../../feed.ts';
import { definitionProblem } from '../conformance/definition-problem.ts';
import { Finding, shown } from '../conformance/kit.ts';
import { INTERVAL_MS } from '../intervals.ts';
import { ReplayError } from '../replay-error.ts';
import type { FeedCase, FeedKit } from './feed-kit.ts';

export const feedConfigCase: FeedCase = {
  number: 'F1',
  title: 'its config is a JSON Schema that takes the config of the options; a wrong one is refused',
  async run(kit) {
    const problem = definitionProblem(kit.definition);
    if (problem !== null) throw new Finding(problem);
    await kit.with(() => Promise.resolve());
    for (const config of kit.options.badConfigs ?? []) await refused(kit, config);
  },
};

async function refused(kit: FeedKit, config: unknown): Promise<void> {
  try {
    await kit.with(() => Promise.resolve(), config);
  } catch (error) {
    const isCoded = isFeedError(error) && ['CONFIG_INVALID', 'DATA_INVALID'].includes(error.code);
    if (isCoded || error instanceof ReplayError) return;
    throw new Finding(
      `${shown(config)} is refused by ${String(error)}: throw FeedError CONFIG_INVALID instead`,
    );
  }
  throw new Finding(`${shown(config)} is not refused`);
}

export const instrumentsCase: FeedCase = {
  number: 'F2',
  title: 'its instruments are there once each, with terms that can be traded by',
  run: (kit) =>
    kit.with(async (feed) => {
      const instruments = await kit.instruments(feed);
      if (instruments.length === 0) throw new Finding('it has no instruments');
      const symbols = new Set<string>();
      for (const { barIntervals, lotSize, multiplier, symbol, tickSize } of instruments) {
        if (!/^[A-Z0-9][A-Z0-9/_-]{0,31}(\.[A-Z][A-Z0-9_-]{0,15})?$/.test(symbol)) {
          throw new Finding(`${shown(symbol)} is no canonical symbol, such as AAPL or BTC/USD`);
        }
        if (symbols.has(symbol)) throw new Finding(`${symbol} is there twice`);
        symbols.add(symbol);
        for (const step of [tickSize, lotSize, multiplier]) {
          if (parseDecimal(step) <= 0n) {
            throw new Finding(`${symbol} has a tick, lot or multiplier of ${step}`);
          }
        }
        const unknown = barIntervals.find((interval) => !Object.hasOwn(INTERVAL_MS, interval));
        if (unknown !== undefined) throw new Finding(`${symbol} has bars of ${unknown}, which nobody has`);
      }
    }),
};

const NOBODY = 'NO-SUCH-SYMBOL';

export const unknownCase: FeedCase = {
  number: 'F9',
  title: 'a symbol or an interval that it does not have is a FeedError with that code',
  run: (kit) =>
    kit.with(async (feed) => {
      const { signal } = new AbortController();
      const range = { from: null, to: null };
      await throws(kit, 'UNKNOWN_SYMBOL', feed.stream({ symbols: [NOBODY], after: null }, signal));
      await throws(
        kit,
        'UNKNOWN_SYMBOL',
        feed.history({ symbol: NOBODY, interval: 'DAY_1', ...range }, signal),
      );
      for (const { barIntervals, symbol } of await kit.instruments(feed)) {
        const missing = (['WEEK_1', 'SECOND_1', 'HOUR_4'] as const).find(
          (each) => !barIntervals.includes(each),
        );
        if (missing === undefined) continue;
        await throws(kit, 'UNKNOWN_INTERVAL', feed.history({ symbol, interval: missing, ...range }, signal));
        return;
      }
    }),
};

async function throws(kit: FeedKit, code: FeedErrorCode, items: AsyncIterable<unknown>): Promise<void> {
  const iterator = items[Symbol.asyncIterator]();
  try {
    await kit.promptly(`an answer ${code}`, iterator.next());
  } catch (error) {
    if (isFeedError(error) && error.code === code) return;
    throw new Finding(`it answers with ${String(error)} and not with FeedError ${code}`, { cause: error });
  } finally {
    await iterator.return?.();
  }
  throw new Finding(`it takes what it does not have for known: throw FeedError ${code}`);
}
