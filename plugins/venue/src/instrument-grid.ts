import type { VenueInstrument } from '@omniquant/plugin-sdk';
import {
  type Fixed,
  formatDecimal,
  isMultipleOf,
  multiply,
  ONE,
  parseDecimal,
  roundToStep,
  tryParseDecimal,
} from '@omniquant/plugin-sdk/decimal';

/** Twice the largest value still fits a safe integer, so that sums of two need no check. */
const MAX_STEPS = BigInt(Number.MAX_SAFE_INTEGER) / 2n;

/** An instrument whose steps cannot be counted exactly. */
export class InstrumentGridError extends Error {
  readonly code = 'INVALID_INSTRUMENT';

  constructor(symbol: string, problem: string) {
    super(`instrument ${symbol}: ${problem}`);
    this.name = 'InstrumentGridError';
  }
}

/**
 * Counts an instrument's prices in ticks and its quantities in lots, whole numbers that a float holds
 * exactly, so that matching needs no big integers.
 */
export class InstrumentGrid {
  readonly instrument: VenueInstrument;
  readonly lotsPerUnit: number;
  private readonly tick: Fixed;
  private readonly lot: Fixed;
  /** Value of one lot at one tick. */
  private readonly step: Fixed;
  private readonly minLots: number;
  private readonly maxLots: number;

  constructor(instrument: VenueInstrument) {
    this.instrument = instrument;
    this.tick = parseDecimal(instrument.tickSize);
    this.lot = parseDecimal(instrument.lotSize);
    const multiplier = parseDecimal(instrument.multiplier);
    if (this.tick <= 0n || this.lot <= 0n || multiplier <= 0n) {
      throw new InstrumentGridError(
        instrument.symbol,
        'tickSize, lotSize and multiplier have to be above zero',
      );
    }
    this.step = multiply(multiply(this.tick, this.lot), multiplier);
    if (this.step * ONE * ONE !== this.tick * this.lot * multiplier) {
      throw new InstrumentGridError(
        instrument.symbol,
        'the value of one lot at one tick has over 18 decimals',
      );
    }
    this.lotsPerUnit = isMultipleOf(ONE, this.lot) ? Number(ONE / this.lot) : 1;
    this.minLots = this.bound(instrument.minQuantity, 1);
    this.maxLots = this.bound(instrument.maxQuantity, Number(MAX_STEPS));
  }

  get symbol(): string {
    return this.instrument.symbol;
  }

  /** Null for a price that is no positive multiple of the tick. */
  ticks(price: string): number | null {
    return countSteps(price, this.tick);
  }

  /** Null for a quantity that is no positive multiple of the lot or outside the instrument's bounds. */
  lots(quantity: string): number | null {
    const lots = countSteps(quantity, this.lot);
    return lots !== null && lots >= this.minLots && lots <= this.maxLots ? lots : null;
  }

  /** As {@link lots}, but for any sign and size: what a position may be. */
  signedLots(quantity: string): number | null {
    if (quantity === '0') return 0;
    const negative = quantity.startsWith('-');
    const lots = countSteps(negative ? quantity.slice(1) : quantity, this.lot);
    return lots !== null && negative ? -lots : lots;
  }

  /** The nearest tick, half-even: recorded prices lie off the tick. At least one tick. */
  nearestTick(price: Fixed): number {
    return Math.max(1, Number(roundToStep(price, this.tick, 'half-even') / this.tick));
  }

  /** The most lots that an amount of money buys at a price; null when that is no order. */
  lotsFor(amount: Fixed, ticks: number): number | null {
    const lots = amount / (this.step * BigInt(ticks));
    if (lots < BigInt(this.minLots) || lots > BigInt(this.maxLots)) return null;
    return Number(lots);
  }

  /** Ticks of an amount of price, rounded half-even, at least one. */
  ticksOf(amount: Fixed): number {
    return Math.max(1, Number(roundToStep(amount, this.tick, 'half-even') / this.tick));
  }

  price(ticks: number): string {
    return formatDecimal(BigInt(ticks) * this.tick);
  }

  priceFixed(ticks: number): Fixed {
    return BigInt(ticks) * this.tick;
  }

  quantity(lots: number): string {
    return formatDecimal(BigInt(lots) * this.lot);
  }

  quantityFixed(lots: number): Fixed {
    return BigInt(lots) * this.lot;
  }

  /** Price times quantity times multiplier; `lots` may be negative. */
  value(ticks: number, lots: number): Fixed {
    const product = ticks * lots;
    return (Number.isSafeInteger(product) ? BigInt(product) : BigInt(ticks) * BigInt(lots)) * this.step;
  }

  private bound(quantity: string | null, fallback: number): number {
    if (quantity === null) return fallback;
    const lots = countSteps(quantity, this.lot);
    if (lots === null) throw new InstrumentGridError(this.symbol, `${quantity} is no multiple of the lot`);
    return lots;
  }
}

const countSteps = (text: string, step: Fixed): number | null => {
  const value = tryParseDecimal(text);
  if (value === undefined || value <= 0n || value % step !== 0n) return null;
  const steps = value / step;
  return steps <= MAX_STEPS ? Number(steps) : null;
};

/** Ticks that a fraction of a price makes, rounded half-even, at least one. */
export const fractionOfTicks = (ticks: number, fraction: Fixed): number =>
  Math.max(1, Number(roundToStep(multiply(BigInt(ticks) * ONE, fraction), ONE, 'half-even') / ONE));
