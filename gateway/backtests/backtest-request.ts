import { BAR_INTERVALS, type BarInterval, type Decimal, type Json } from '@omniquant/plugin-sdk';
import { z } from 'zod';

import type { BacktestDataKind, BacktestSettings } from '../../core/backtest/backtest-spec.ts';
import type { CorporateAction, Dividend } from '../../core/backtest/corporate-actions.ts';
import { type FeeSettings, parseFees } from '../../core/backtest/fees-schema.ts';
import { type FillSettings, parseFills } from '../../core/backtest/fills-schema.ts';
import { type LatencySettings, parseLatency } from '../../core/backtest/latency-schema.ts';
import { decimalFrom } from '../../core/backtest/parse-settings.ts';
import { DEFAULT_LIMITS, type RiskLimits } from '../../core/risk/limits.ts';
import { nearestHint } from '../services/nearest-text.ts';
import { badSetting } from './bad-setting.ts';
import { isDay, isInstant } from './instant.ts';

/**
 * A backtest as it is asked for: JSON, so that it crosses processes, in the terms of the API's RunBacktestInput. What is
 * left out has the default of {@link parseBacktestRequest}.
 * @example { strategy: 'sma-cross', config: { fast: 10 }, symbols: ['AAPL'], interval: 'DAY_1', from: '2016-01-04' }
 */
export interface BacktestRequest {
  /** Extension id. */
  readonly strategy: string;
  /** Parameters of the strategy; defaults are those of its schema. */
  readonly config?: { readonly [key: string]: Json | undefined } | null | undefined;
  readonly symbols: readonly string[];
  readonly interval: BarInterval;
  /** What is read besides bars: see BacktestSettings. By default what the strategy and the fill model want. */
  readonly data?: readonly BacktestDataKind[] | null | undefined;
  /**
   * ISO 8601 with an offset, or a day, which begins, and for `to` ends, at midnight of the market's clock. Bars that
   * end up to `from` warm the strategy up, bars that end after `to` are not used; null is as far as there are bars.
   */
  readonly from?: string | null | undefined;
  readonly to?: string | null | undefined;
  /** In the base currency; "100000" when left out. */
  readonly startingCash?: Decimal | null | undefined;
  /** By default that of the first symbol. */
  readonly baseCurrency?: string | null | undefined;
  /** See fees-schema.ts; none when left out. */
  readonly fees?: unknown;
  /** See fills-schema.ts; the best price when left out. */
  readonly fills?: unknown;
  /** Milliseconds for every command, or see latency-schema.ts; 0 when left out. */
  readonly latency?: unknown;
  /** 0 when left out. */
  readonly seed?: number | null | undefined;
  readonly benchmark?: string | null | undefined;
  /** Limits that are left out are those of a new account; null lifts one. */
  readonly limits?: { readonly [K in keyof RiskLimits]?: RiskLimits[K] | undefined } | null | undefined;
  /** "2" when left out. */
  readonly buyingPowerMultiplier?: Decimal | null | undefined;
  /** By default US_EQUITY where all instruments have it, else ALWAYS. */
  readonly calendar?: BacktestSettings['calendar'] | null | undefined;
  /** By default ANY for bars of days and weeks, whose end no session follows, else SESSION. */
  readonly orderHours?: BacktestSettings['orderHours'] | null | undefined;
  /** Yearly rate that shorts pay on their value; nothing when left out. */
  readonly borrowRate?: Decimal | null | undefined;
  /** Equity over gross exposure below which everything is closed; never when left out. */
  readonly maintenanceMargin?: Decimal | null | undefined;
  /** Of symbols whose prices are not adjusted for them; given, none that are stored beside a series count. */
  readonly dividends?: readonly Dividend[] | null | undefined;
  /**
   * Splits and dividends of any symbols; those of the run count, as `prices` says. When left out those count that are
   * stored beside the series of its symbols.
   */
  readonly corporateActions?: readonly CorporateAction[] | null | undefined;
  /** RAW, as traded: actions are applied. ADJUSTED: they are in the prices already. RAW when left out. */
  readonly prices?: 'RAW' | 'ADJUSTED' | null | undefined;
  /** Yearly, as a fraction; 0 when left out. */
  readonly riskFree?: number | null | undefined;
}

/** A request of the right form, with all defaults that do not depend on the data. */
export interface CheckedRequest {
  readonly strategy: string;
  readonly config: { readonly [key: string]: Json | undefined };
  readonly symbols: readonly string[];
  readonly interval: BarInterval;
  readonly data: readonly BacktestDataKind[] | null;
  readonly from: string | null;
  readonly to: string | null;
  readonly startingCash: Decimal;
  readonly baseCurrency: string | null;
  readonly fees: FeeSettings;
  readonly fills: FillSettings;
  readonly latency: LatencySettings;
  readonly seed: number;
  readonly benchmark: string | null;
  readonly limits: RiskLimits;
  readonly buyingPowerMultiplier: Decimal;
  readonly calendar: BacktestSettings['calendar'] | null;
  readonly orderHours: BacktestSettings['orderHours'];
  readonly borrowRate: Decimal | null;
  readonly maintenanceMargin: Decimal | null;
  /** Null where the request has none: stored ones count. An empty list is none. */
  readonly dividends: readonly Dividend[] | null;
  readonly corporateActions: readonly CorporateAction[] | null;
  readonly prices: 'RAW' | 'ADJUSTED';
  readonly riskFree: number;
}

const MOST_SYMBOLS = 1_000;
const DATA_KINDS = ['BARS', 'QUOTES', 'TRADES', 'L2', 'L3'] as const satisfies readonly BacktestDataKind[];

const text = z.string({ error: 'has to be a text' }).min(1, 'is empty').max(80, 'is too long');
const instant = text.refine(isInstant, {
  error: 'has to be a day such as 2016-01-04, or a time with its offset such as 2016-01-04T14:30:00Z',
});
const limit = decimalFrom('ZERO').nullish();
const count = z
  .int({ error: 'has to be a whole number' })
  .min(0, 'has to be at least 0')
  .max(1_000_000, 'has to be at most 1000000')
  .nullish();

const limits = z.strictObject({
  ...{ maxPositionNotional: limit, maxOrderNotional: limit, maxLeverage: limit, maxConcentration: limit },
  ...{ maxDrawdown: limit, maxDailyLoss: limit, maxOpenOrders: count, maxOrdersPerSecond: count },
  priceCollar: limit,
} satisfies Record<keyof RiskLimits, unknown>);

const exDay = z
  .string({ error: 'has to be a text' })
  .refine(isDay, { error: 'has to be a day such as 2016-05-05' });
const dividend = z.strictObject(
  {
    symbol: text,
    exDay,
    amount: decimalFrom('ABOVE_ZERO'),
  } satisfies Record<keyof Dividend, unknown>,
  { error: 'has to be an object with symbol, exDay and amount' },
);

const units = z.int({ error: 'has to be a whole number' }).min(1, 'has to be at least 1').max(1_000_000);
const corporateAction = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({ kind: z.literal('SPLIT'), symbol: text, exDay, to: units, from: units }),
    z.strictObject({ kind: z.literal('DIVIDEND'), symbol: text, exDay, amount: decimalFrom('ABOVE_ZERO') }),
  ],
  { error: 'has to be an object of kind SPLIT or DIVIDEND' },
);

const oneOf = <const T extends readonly [string, ...string[]]>(names: T) =>
  z.enum(names, {
    error: ({ input }) =>
      `has to be one of ${names.join(', ')}${typeof input === 'string' ? nearestHint(input, names) : ''}`,
  });

const request = z.strictObject({
  strategy: text,
  config: z.record(z.string(), z.json(), { error: 'has to be an object' }).nullish(),
  symbols: z
    .array(text, { error: 'have to be a list' })
    .min(1, 'have to be at least one')
    .max(MOST_SYMBOLS, `have to be at most ${String(MOST_SYMBOLS)}`),
  interval: oneOf(BAR_INTERVALS),
  data: z.array(oneOf(DATA_KINDS), { error: 'has to be a list' }).min(1, 'names nothing').nullish(),
  from: instant.nullish(),
  to: instant.nullish(),
  startingCash: decimalFrom('ABOVE_ZERO').nullish(),
  baseCurrency: z
    .string()
    .regex(/^[A-Z][A-Z0-9]{1,9}$/, 'has to be a code such as USD')
    .nullish(),
  ...{ fees: z.unknown().optional(), fills: z.unknown().optional(), latency: z.unknown().optional() },
  seed: z.int({ error: 'has to be a whole number' }).nullish(),
  benchmark: text.nullish(),
  limits: limits.nullish(),
  buyingPowerMultiplier: decimalFrom('ABOVE_ZERO').nullish(),
  calendar: oneOf(['US_EQUITY', 'ALWAYS']).nullish(),
  orderHours: oneOf(['SESSION', 'ANY']).nullish(),
  borrowRate: decimalFrom('ZERO').nullish(),
  maintenanceMargin: decimalFrom('ZERO').nullish(),
  dividends: z.array(dividend, { error: 'have to be a list' }).nullish(),
  corporateActions: z.array(corporateAction, { error: 'have to be a list' }).nullish(),
  prices: oneOf(['RAW', 'ADJUSTED']).nullish(),
  riskFree: z.number({ error: 'has to be a number' }).min(-1).max(10).nullish(),
} satisfies Record<keyof BacktestRequest, unknown>);

/**
 * Checks the form of a request and fills its defaults in.
 * @throws BacktestError BAD_USER_INPUT whose `field` is a path in the request, such as "limits.maxLeverage".
 */
export function parseBacktestRequest(input: unknown): CheckedRequest {
  const parsed = request.safeParse(input);
  if (!parsed.success) throw problemOf(parsed.error);
  const given = parsed.data;
  const isOfDays = given.interval === 'DAY_1' || given.interval === 'WEEK_1';
  return {
    ...{ strategy: given.strategy, config: given.config ?? {}, symbols: given.symbols },
    data: given.data ?? null,
    ...{ interval: given.interval, from: given.from ?? null, to: given.to ?? null },
    startingCash: given.startingCash ?? '100000',
    baseCurrency: given.baseCurrency ?? null,
    ...{ fees: parseFees(given.fees), fills: parseFills(given.fills), latency: parseLatency(given.latency) },
    ...{ seed: given.seed ?? 0, benchmark: given.benchmark ?? null },
    limits: withDefaults(given.limits ?? {}),
    buyingPowerMultiplier: given.buyingPowerMultiplier ?? '2',
    calendar: given.calendar ?? null,
    orderHours: given.orderHours ?? (isOfDays ? 'ANY' : 'SESSION'),
    ...{ borrowRate: given.borrowRate ?? null, maintenanceMargin: given.maintenanceMargin ?? null },
    ...{ dividends: given.dividends ?? null, corporateActions: given.corporateActions ?? null },
    ...{ prices: given.prices ?? 'RAW', riskFree: given.riskFree ?? 0 },
  };
}

/** Left out is the default; null is no limit. */
const withDefaults = (given: z.infer<typeof limits>): RiskLimits => ({
  ...DEFAULT_LIMITS,
  ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
});

function problemOf(error: z.ZodError): Error {
  const [issue] = error.issues;
  const base = issue?.path.map(String) ?? [];
  if (issue?.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys;
    const known = Object.keys(base[0] === 'limits' ? limits.shape : request.shape);
    const field = [...base, key].join('.');
    return badSetting(field, `is not a known setting${nearestHint(key, known)}`);
  }
  const field = base.join('.');
  return badSetting(field, issue?.message ?? 'is wrong');
}
