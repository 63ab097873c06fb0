import type { VenueInstrument } from '@omniquant/plugin-sdk';
import {
  decimalPlaces,
  type Fixed,
  formatDecimal,
  isMultipleOf,
  ONE,
  parseDecimal,
  SCALE_DIGITS,
} from '@omniquant/plugin-sdk/decimal';

import type { CalendarId } from './calendar.ts';
import { parseSymbol } from './symbol.ts';

/** What can be traded, and in which steps. Created and checked by {@link createInstrument} only. */
export interface Instrument {
  /** Canonical: see symbol.ts. */
  readonly symbol: string;
  readonly name: string | null;
  readonly assetClass: 'EQUITY' | 'CRYPTO' | 'FX' | 'FUTURE' | 'OPTION' | 'INDEX';
  /** Of price and profit, such as USD. */
  readonly currency: string;
  /** Every price is a multiple of it. */
  readonly tickSize: Fixed;
  /** Every quantity is a multiple of it. */
  readonly lotSize: Fixed;
  /** Units of the underlying in one unit of quantity: notional = price x quantity x multiplier. */
  readonly multiplier: Fixed;
  /** Of one order; null where the venue sets none. */
  readonly minQuantity: Fixed | null;
  readonly maxQuantity: Fixed | null;
  readonly shortable: boolean;
  /** Whether parts of a unit trade. */
  readonly fractionable: boolean;
  readonly exchange: string | null;
  readonly calendar: CalendarId;
}

/** An instrument that cannot be traded as it is described; `field` names what has to change. */
export class InstrumentError extends Error {
  readonly code = 'INVALID_INSTRUMENT';
  readonly field: keyof Instrument;

  constructor(symbol: string, field: keyof Instrument, problem: string, options?: ErrorOptions) {
    super(`instrument ${symbol}: ${field} ${problem}`, options);
    this.name = 'InstrumentError';
    this.field = field;
  }
}

type DecimalField = 'tickSize' | 'lotSize' | 'multiplier' | 'minQuantity' | 'maxQuantity';

const positive = (symbol: string, field: DecimalField, text: string): Fixed => {
  let value: Fixed;
  try {
    value = parseDecimal(text);
  } catch (cause) {
    throw new InstrumentError(symbol, field, 'is not a decimal', { cause });
  }
  if (value <= 0n) throw new InstrumentError(symbol, field, `is ${text}: give a value above zero`);
  return value;
};

const ASSET_CLASSES: readonly string[] = ['EQUITY', 'CRYPTO', 'FX', 'FUTURE', 'OPTION', 'INDEX'];
const CALENDARS: readonly string[] = ['US_EQUITY', 'ALWAYS'];

/** Venues are outside the program, so what the types promise is checked where it enters. */
const checkChoice = (
  symbol: string,
  field: 'assetClass' | 'calendar',
  value: string,
  choices: readonly string[],
): void => {
  if (choices.includes(value)) return;
  throw new InstrumentError(symbol, field, `is ${JSON.stringify(value)}: give one of ${choices.join(', ')}`);
};

const checkSymbol = (symbol: string): void => {
  try {
    parseSymbol(symbol);
  } catch (cause) {
    throw new InstrumentError(JSON.stringify(symbol), 'symbol', 'is not canonical', { cause });
  }
};

const checkCurrency = ({ symbol, currency }: Instrument): void => {
  if (/^[A-Z][A-Z0-9]{1,9}$/.test(currency)) return;
  throw new InstrumentError(symbol, 'currency', `is ${JSON.stringify(currency)}: give a code such as USD`);
};

/** price x quantity x multiplier has to fit the 18 decimals of a Fixed without rounding. */
const checkExactness = ({ symbol, tickSize, lotSize, multiplier }: Instrument): void => {
  const places = decimalPlaces(tickSize) + decimalPlaces(lotSize) + decimalPlaces(multiplier);
  if (places <= SCALE_DIGITS) return;
  throw new InstrumentError(
    symbol,
    'tickSize',
    `has with lotSize and multiplier ${places} decimals, and a notional has at most ${SCALE_DIGITS}: ` +
      'give a coarser tickSize or lotSize',
  );
};

const checkQuantities = (instrument: Instrument): void => {
  const { symbol, lotSize, minQuantity, maxQuantity, fractionable } = instrument;
  if (!fractionable && !isMultipleOf(lotSize, ONE)) {
    throw new InstrumentError(symbol, 'lotSize', `is ${formatDecimal(lotSize)}, but fractionable is false`);
  }
  for (const field of ['minQuantity', 'maxQuantity'] as const) {
    const quantity = instrument[field];
    if (quantity !== null && !isOnLot(instrument, quantity)) {
      throw new InstrumentError(symbol, field, `is no multiple of lotSize ${formatDecimal(lotSize)}`);
    }
  }
  if (minQuantity !== null && maxQuantity !== null && minQuantity > maxQuantity) {
    throw new InstrumentError(symbol, 'minQuantity', `is above maxQuantity ${formatDecimal(maxQuantity)}`);
  }
};

/** Reads an instrument from its decimal strings. Throws {@link InstrumentError}, naming the field. */
export const createInstrument = (described: VenueInstrument): Instrument => {
  const { symbol, minQuantity, maxQuantity } = described;
  checkSymbol(symbol);
  const instrument: Instrument = {
    ...described,
    tickSize: positive(symbol, 'tickSize', described.tickSize),
    lotSize: positive(symbol, 'lotSize', described.lotSize),
    multiplier: positive(symbol, 'multiplier', described.multiplier),
    minQuantity: minQuantity === null ? null : positive(symbol, 'minQuantity', minQuantity),
    maxQuantity: maxQuantity === null ? null : positive(symbol, 'maxQuantity', maxQuantity),
  };
  checkChoice(symbol, 'assetClass', instrument.assetClass, ASSET_CLASSES);
  checkChoice(symbol, 'calendar', instrument.calendar, CALENDARS);
  checkCurrency(instrument);
  checkExactness(instrument);
  checkQuantities(instrument);
  return instrument;
};

/** Whether the price is one that the instrument can have. */
export const isOnTick = (instrument: Instrument, price: Fixed): boolean =>
  isMultipleOf(price, instrument.tickSize);

/** Whether the quantity is a whole number of lots. */
export const isOnLot = (instrument: Instrument, quantity: Fixed): boolean =>
  isMultipleOf(quantity, instrument.lotSize);
