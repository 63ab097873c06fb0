import type { OrderTerms } from '@omniquant/plugin-sdk';
import { type Fixed, max, min, mulDiv, multiply, ONE } from '@omniquant/plugin-sdk/decimal';

import type { AccountState } from '../engine/account-state.ts';
import type { DecideContext } from '../engine/decide-context.ts';
import type { Instrument } from '../market/instrument.ts';
import type { Order, OrderOrigin } from '../orders/order.ts';
import type { Denial } from './denial.ts';
import { figuresOf } from './figures.ts';
import { type ReadTerms, readTerms } from './read-terms.ts';
import { closableQuantity, exposureOf, NO_EXPOSURE, type OrderExposure, sideOf } from './reservation.ts';
import { reservePrice } from './reserve-price.ts';
import type { Candidate } from './rule.ts';
import { denyUnknownSymbol } from './rules/unknown-symbol.ts';

/** What asks to be let in. */
export interface CheckOrderInput {
  /** Of a replacement the full new terms, with the whole quantity, filled units included. */
  readonly terms: OrderTerms;
  readonly replaces: Order | null;
  readonly isLeg: boolean;
  readonly strategyId: string | null;
  /** Bracket legs that come with it; none when left out. */
  readonly legs?: number;
  /** 'API' when left out. 'GATEWAY' with reduce-only terms is the gateway's own flattening. */
  readonly origin?: OrderOrigin;
}

export type CandidateResult =
  | { readonly kind: 'candidate'; readonly candidate: Candidate }
  | { readonly kind: 'denied'; readonly denial: Denial };

/** Units of a notional order at a price, rounded up, so that what it reserves is not less than it asks for. */
const estimateQuantity = (notional: Fixed, price: Fixed, multiplier: Fixed): Fixed => {
  const unit = multiply(price, multiplier);
  if (unit <= 0n) return 0n;
  const units = mulDiv(notional, ONE, unit);
  return multiply(units, unit) < notional ? units + 1n : units;
};

interface Sizes {
  readonly quantity: Fixed;
  readonly notional: Fixed | null;
  /** What it reserves: of a replacement the larger of both revisions. */
  readonly reserveQuantity: Fixed;
  readonly reservePrice: Fixed | null;
  readonly reserveNotional: Fixed | null;
}

const sizesOf = (
  read: ReadTerms,
  price: Fixed | null,
  instrument: Instrument,
  replaces: Order | null,
  replaced: OrderExposure,
): Sizes => {
  const asked =
    read.quantity ??
    (read.notional === null || price === null
      ? 0n
      : estimateQuantity(read.notional, price, instrument.multiplier));
  const quantity = replaces === null ? asked : max(asked - replaces.filledQuantity, 0n);
  const value = (units: Fixed, at: Fixed): Fixed => multiply(multiply(units, at), instrument.multiplier);
  const notional = read.notional ?? (price === null ? null : value(quantity, price));
  const reserveQuantity = max(quantity, replaced.quantity);
  const oldPrice = replaces?.reservePrice ?? null;
  const highest = price === null || oldPrice === null ? price : max(price, oldPrice);
  return {
    quantity,
    notional,
    reserveQuantity,
    reservePrice: highest,
    reserveNotional: highest === null ? null : value(reserveQuantity, highest),
  };
};

/** Units that open, when what the side may close is shared with its other open orders first. */
const openingUnits = (quantity: Fixed, closable: Fixed, others: Fixed): Fixed =>
  quantity - min(quantity, max(closable - others, 0n));

/** Works out once what the rules need. Denied only when there is nothing to work with: no symbol, no numbers. */
export const buildCandidate = (
  state: AccountState,
  input: CheckOrderInput,
  context: DecideContext,
): CandidateResult => {
  const { terms, replaces, isLeg } = input;
  const { symbol, side } = terms;
  const instrument = context.market.instrument(symbol);
  if (instrument === undefined) return { kind: 'denied', denial: denyUnknownSymbol(symbol) };
  const read = readTerms(terms);
  if ('code' in read) return { kind: 'denied', denial: read };

  const quote = context.market.quote(symbol);
  const { limitPrice, stopPrice, trailingOffset, displayQuantity } = read;
  const prices = {
    side,
    limitPrice,
    stopPrice,
    trailingOffset,
    trailingOffsetType: terms.trailingOffsetType,
  };
  const price = reservePrice(prices, quote);
  const replaced = replaces === null ? NO_EXPOSURE : exposureOf(replaces);
  const sizes = sizesOf(read, price, instrument, replaces, replaced);

  const closable = closableQuantity(side, state.positions.get(symbol)?.quantity ?? 0n);
  const others = sideOf(state.exposure.get(symbol), side).quantity - replaced.quantity;
  const mayOpen = !isLeg && !terms.reduceOnly;
  const openingQuantity = mayOpen ? openingUnits(sizes.reserveQuantity, closable, others) : 0n;
  const isMore =
    openingQuantity > openingUnits(replaced.quantity, closable, others) ||
    sizes.reserveNotional === null ||
    sizes.reserveNotional > replaced.notional;
  // Without a price a notional order has no quantity yet, and may well open a position.
  const addsExposure =
    mayOpen && isMore && (openingQuantity > 0n || (read.notional !== null && price === null));

  const { notional, reserveNotional } = sizes;
  const worked =
    !addsExposure || notional === null || reserveNotional === null
      ? { figures: null, missing: addsExposure ? [symbol] : [] }
      : figuresOf(
          state,
          instrument,
          {
            side,
            quantity: sizes.reserveQuantity,
            notional: reserveNotional,
            orderNotional: notional,
            replaced,
          },
          context,
        );
  return {
    kind: 'candidate',
    candidate: {
      terms,
      instrument,
      quote,
      askedQuantity: read.quantity,
      quantity: sizes.quantity,
      displayQuantity,
      limitPrice,
      stopPrice,
      trailingOffset,
      price: sizes.reservePrice,
      notional,
      openingQuantity,
      addsExposure,
      figures: worked.figures,
      missing: worked.missing,
      replaces,
      isLeg,
      legs: input.legs ?? 0,
      strategyId: input.strategyId,
      origin: input.origin ?? 'API',
    },
  };
};
