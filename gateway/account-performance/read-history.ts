import { divide, type Fixed, multiply, ONE, parseDecimal } from '@omniquant/plugin-sdk/decimal';

import { calendarOf } from '../../core/market/calendars.ts';
import type { DayOpening } from '../../core/performance/account-days.ts';
import type { AccountHistory } from '../../core/performance/account-performance.ts';
import type { TradeFill } from '../../core/performance/round-trips.ts';
import type { AccountHistoryData, DailyClose } from './history-data.ts';
import { pairNames } from './market-bars.ts';

type StoredOpening = readonly [day: string, at: number, equity: string, previous: string | null];
type StoredFill = readonly [
  at: number,
  symbol: string,
  side: 'BUY' | 'SELL',
  price: string,
  quantity: string,
  fee: string | null,
  feeCurrency: string | null,
];

/** Closes of a symbol: of the market at hand, else imported ones; null where there are none. */
export type FindCloses = (symbol: string) => Promise<readonly DailyClose[] | null>;

export interface ReadHistory {
  readonly history: AccountHistory;
  /** Currencies without a rate to the base currency: what was traded in them is in no trade and no cost. */
  readonly unknownCurrencies: readonly string[];
  /** Symbols that the account holds more or less of than its fills say: a position was taken over from the broker. */
  readonly adopted: readonly string[];
}

/** Base currency for one unit of a currency at an instant; null where nobody knows. */
type RateAt = (at: number) => Fixed | null;

/** What the statistics take, of what was collected. */
export async function readHistory(data: AccountHistoryData, findCloses: FindCloses): Promise<ReadHistory> {
  const { account, instruments, present, range } = data;
  const stored = JSON.parse(data.fills) as readonly StoredFill[];
  const known = new Map(instruments.map((each) => [each.symbol, each]));
  const rates = await ratesOf(data, stored, findCloses);
  const unknown = new Set<string>();
  const fills = stored.flatMap((fill): TradeFill[] => {
    const [at, symbol, side, price, quantity, fee, feeCurrency] = fill;
    const instrument = known.get(symbol);
    const currency = instrument?.currency ?? account.baseCurrency;
    const rate = rates(currency)(at);
    const feeRate = rates(feeCurrency ?? currency)(at);
    if (rate === null || feeRate === null) {
      unknown.add(rate === null ? currency : (feeCurrency ?? currency));
      return [];
    }
    const paid = fee === null ? 0n : multiply(parseDecimal(fee), feeRate);
    return [
      {
        ...{ at, symbol, side, rate, fee: paid },
        ...{ price: parseDecimal(price), quantity: parseDecimal(quantity) },
        multiplier: instrument === undefined ? ONE : parseDecimal(instrument.multiplier),
      },
    ];
  });
  const closes = range.benchmark === null ? null : await findCloses(range.benchmark);
  const history: AccountHistory = {
    calendar: calendarOf(data.calendar),
    ...{ from: range.from, to: range.to, fills, openings: openingsOf(data.openings) },
    present: present === null ? null : presentOf(present, fills),
    benchmark: closes === null ? null : closes.map(([at, price]) => ({ at, value: parseDecimal(price) })),
  };
  const adopted = unknown.size > 0 || range.to !== null ? [] : adoptedOf(instruments, fills);
  return { history, unknownCurrencies: [...unknown].sort(), adopted };
}

const openingsOf = (text: string): readonly DayOpening[] =>
  (JSON.parse(text) as readonly StoredOpening[]).map(([day, at, equity, previous]) => ({
    ...{ day, at, equity: parseDecimal(equity) },
    previous: previous === null ? null : parseDecimal(previous),
  }));

/** The clock may have been read before the last fill was committed, whose effects the equity has. */
const presentOf = (
  { at, equity, sinceOpening }: NonNullable<AccountHistoryData['present']>,
  fills: readonly TradeFill[],
): AccountHistory['present'] => ({
  at: Math.max(at, fills.at(-1)?.at ?? at),
  sinceOpening: parseDecimal(sinceOpening),
  equity: equity === null ? null : parseDecimal(equity),
});

async function ratesOf(
  { account, instruments }: AccountHistoryData,
  fills: readonly StoredFill[],
  findCloses: FindCloses,
): Promise<(currency: string) => RateAt> {
  const wanted = new Set(instruments.map(({ currency }) => currency));
  for (const [, , , , , , feeCurrency] of fills) if (feeCurrency !== null) wanted.add(feeCurrency);
  const rates = new Map<string, RateAt>([[account.baseCurrency, () => ONE]]);
  for (const currency of wanted) {
    if (!rates.has(currency)) rates.set(currency, await rateOf(currency, account.baseCurrency, findCloses));
  }
  return (currency) => rates.get(currency) ?? (() => null);
}

/** By the close of the day of a fill: the rate of its very moment is kept nowhere. */
async function rateOf(currency: string, base: string, findCloses: FindCloses): Promise<RateAt> {
  for (const [index, name] of pairNames(currency, base).entries()) {
    const closes = await findCloses(name);
    if (closes === null || closes.length === 0) continue;
    const isInverse = index >= 2;
    return (at) => {
      const price = parseDecimal(closeAt(closes, at));
      return isInverse ? divide(ONE, price) : price;
    };
  }
  return () => null;
}

/** The close of the day that an instant is in; the last one where that day has none yet. */
function closeAt(closes: readonly DailyClose[], at: number): string {
  let [low, high] = [0, closes.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (closes[middle]![0] >= at) high = middle;
    else low = middle + 1;
  }
  return closes[low]![1];
}

function adoptedOf(
  instruments: AccountHistoryData['instruments'],
  fills: readonly TradeFill[],
): readonly string[] {
  const held = new Map<string, Fixed>();
  for (const { quantity, side, symbol } of fills) {
    held.set(symbol, (held.get(symbol) ?? 0n) + (side === 'BUY' ? quantity : -quantity));
  }
  return instruments
    .filter(({ quantity, symbol }) => parseDecimal(quantity) !== (held.get(symbol) ?? 0n))
    .map(({ symbol }) => symbol);
}
