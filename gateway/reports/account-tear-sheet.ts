import type { AccountPerformance } from '../../core/performance/account-performance.ts';
import { formatDay } from './format.ts';
import type { Notice, PriceHistory, TearSheetInput } from './tear-sheet-input.ts';

/** What is said of an account besides its figures. */
export interface AccountSheet {
  readonly name: string;
  readonly broker: string;
  readonly environment: 'PAPER' | 'LIVE';
  readonly baseCurrency: string;
  readonly accountId: string;
  /** What was asked for, market time (ms); null for no bound. */
  readonly from: number | null;
  readonly to: number | null;
  readonly benchmark: string | null;
  /** Market time at which the figures were taken. */
  readonly asOf: number | null;
  readonly unknownCurrencies: readonly string[];
  readonly adopted: readonly string[];
  readonly prices: readonly PriceHistory[];
}

const dateOf = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

const noticesOf = ({ days }: AccountPerformance, sheet: AccountSheet): readonly Notice[] => {
  const list: Notice[] = [];
  if (days.dayUnderWay !== null) {
    list.push({
      severity: 'INFO',
      text: `${formatDay(days.dayUnderWay)} is not over: it counts with what the account is worth now, and its figures will change.`,
    });
  }
  if (days.isPresentMissing) {
    list.push({
      severity: 'WARNING',
      text: 'The day under way is left out, since a price that the account’s equity needs is missing or stale.',
    });
  }
  if (days.flows.length > 0) {
    list.push({
      severity: 'INFO',
      text: 'Money came in or went out. It is in no return; what came or went during a day counts from its beginning.',
    });
  }
  if (sheet.unknownCurrencies.length > 0) {
    list.push({
      severity: 'WARNING',
      text: `There are no rates of ${sheet.unknownCurrencies.join(', ')}: what was traded in them is in the equity, and in no trade and no cost.`,
    });
  }
  if (sheet.adopted.length > 0) {
    list.push({
      severity: 'WARNING',
      text: `Positions of ${sheet.adopted.join(', ')} were taken over from the broker: their trades count fills alone.`,
    });
  }
  return list;
};

/** What the tear sheet of an account on paper or live shows. */
export const tearSheetOfAccount = (account: AccountPerformance, sheet: AccountSheet): TearSheetInput => {
  const { accountId, baseCurrency, benchmark, broker, environment, from, to } = sheet;
  return {
    subject: environment === 'LIVE' ? 'LIVE_ACCOUNT' : 'PAPER_ACCOUNT',
    title: sheet.name,
    subtitle: `at ${broker}`,
    currency: baseCurrency,
    performance: account.report,
    ...{ benchmark, fills: account.fills, prices: sheet.prices, notices: noticesOf(account, sheet) },
    parameters: [
      { title: 'Account', values: { id: accountId, broker, environment, baseCurrency } },
      { title: 'Asked for', values: { from: dateOf(from), to: dateOf(to), benchmark } },
    ],
    resultHash: null,
    asOf: sheet.asOf,
  };
};
