import { type Fixed, max, min, multiply, parseDecimal } from '@omniquant/plugin-sdk/decimal';
import type { ChargedFill, FeeModel } from '@omniquant/venue/account-ledger';

import type { FeeSettings } from './fees-schema.ts';

/** What a tiered schedule has to remember; JSON. */
export interface FeeMemory {
  /** Months since 1970-01 (UTC). */
  readonly month: number;
  /** Value traded in it, a scaled integer as text. */
  readonly traded: string;
}

/** A fee model that can be saved in the middle of a run. */
export interface RunningFees {
  readonly charge: FeeModel;
  save(): FeeMemory;
  restore(memory: FeeMemory): void;
}

type Of<M extends FeeSettings['model']> = Extract<FeeSettings, { model: M }>;

const valueOf = ({ grid, lots, price }: ChargedFill): Fixed => grid.value(price, lots);

const monthOf = (at: number): number => {
  const date = new Date(at);
  return (date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth();
};

/** max(minimum, units x perUnit), at most value x maximumRate: the schedule of Interactive Brokers' fixed pricing. */
const perUnit = ({ maximumRate, minimum, perUnit: each }: Of<'PER_UNIT'>): FeeModel => {
  const [rate, least] = [parseDecimal(each), parseDecimal(minimum)];
  const cap = maximumRate === null ? null : parseDecimal(maximumRate);
  return (fill) => {
    const fee = max(multiply(fill.grid.quantityFixed(fill.lots), rate), least);
    return cap === null ? fee : min(fee, multiply(valueOf(fill), cap));
  };
};

const tiered = ({ tiers }: Of<'TIERED'>): RunningFees => {
  const read = tiers.map(({ from, maker, taker }) => ({
    from: parseDecimal(from),
    maker: parseDecimal(maker),
    taker: parseDecimal(taker),
  }));
  let month = 0;
  let traded = 0n;
  return {
    charge: (fill) => {
      if (monthOf(fill.at) !== month) [month, traded] = [monthOf(fill.at), 0n];
      const tier = read.findLast(({ from }) => traded >= from);
      const value = valueOf(fill);
      traded += value;
      return multiply(value, (fill.liquidity === 'MAKER' ? tier?.maker : tier?.taker) ?? 0n);
    },
    save: () => ({ month, traded: traded.toString() }),
    restore: (memory) => void ([month, traded] = [memory.month, BigInt(memory.traded)]),
  };
};

const NOTHING: FeeMemory = { month: 0, traded: '0' };
const stateless = (charge: FeeModel): RunningFees => ({
  charge,
  save: () => NOTHING,
  restore: () => undefined,
});

/** An auction counts as taking. */
export const createFees = (settings: FeeSettings): RunningFees => {
  switch (settings.model) {
    case 'NONE':
      return stateless(() => 0n);
    case 'PER_ORDER': {
      const amount = parseDecimal(settings.amount);
      return stateless(({ isFirst }) => (isFirst ? amount : 0n));
    }
    case 'PER_UNIT':
      return stateless(perUnit(settings));
    case 'PERCENTAGE': {
      const [rate, minimum] = [parseDecimal(settings.rate), parseDecimal(settings.minimum)];
      return stateless((fill) => max(multiply(valueOf(fill), rate), minimum));
    }
    case 'MAKER_TAKER': {
      const [maker, taker] = [parseDecimal(settings.maker), parseDecimal(settings.taker)];
      return stateless((fill) => multiply(valueOf(fill), fill.liquidity === 'MAKER' ? maker : taker));
    }
    case 'TIERED':
      return tiered(settings);
  }
};

const NO_ESTIMATE = { perUnit: '0', rate: '0', minimum: '0' };

/** What the risk rules reckon with before an order trades: the dearest that the schedule may come to. */
export const estimateOf = (
  settings: FeeSettings,
): { readonly perUnit: string; readonly rate: string; readonly minimum: string } => {
  switch (settings.model) {
    case 'NONE':
      return NO_ESTIMATE;
    case 'PER_ORDER':
      return { ...NO_ESTIMATE, minimum: settings.amount };
    case 'PER_UNIT':
      return { ...NO_ESTIMATE, perUnit: settings.perUnit, minimum: settings.minimum };
    case 'PERCENTAGE':
      return { ...NO_ESTIMATE, rate: settings.rate, minimum: settings.minimum };
    case 'MAKER_TAKER':
      return { ...NO_ESTIMATE, rate: highest([settings.maker, settings.taker]) };
    case 'TIERED':
      return { ...NO_ESTIMATE, rate: highest(settings.tiers.flatMap(({ maker, taker }) => [maker, taker])) };
  }
};

const highest = (rates: readonly string[]): string =>
  rates.reduce((most, rate) => (parseDecimal(rate) > parseDecimal(most) ? rate : most), '0');
