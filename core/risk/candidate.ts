import type { OrderTerms } from '@omniquant/plugin-sdk';
import { type Fixed, max, min } from '@omniquant/plugin-sdk/decimal';

import type { AccountState } from '../engine/account-state.ts';
import type { DecideContext } from '../engine/decide-context.ts';
import type { Instrument } from '../market/instrument.ts';
import type { Order, OrderOrigin } from '../orders/order.ts';
import type { Denial } from './denial.ts';
import { figuresOf, type FiguresResult } from './figures.ts';
import { type OrderSize, sizeOf } from './order-size.ts';
import { readTerms } from './read-terms.ts';
import { closableBeside, sideOf } from './reservation.ts';
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

/** Units that open, when what the side may close is shared with its other open orders first. */
const openingUnits = (quantity: Fixed, closable: Fixed, others: Fixed): Fixed =>
  quantity - min(quantity, max(closable - others, 0n));

interface Opening {
  readonly quantity: Fixed;
  readonly addsExposure: boolean;
}

const openingOf = (state: AccountState, input: CheckOrderInput, size: OrderSize): Opening => {
  const { terms, isLeg } = input;
  if (isLeg || terms.reduceOnly) return { quantity: 0n, addsExposure: false };
  const { symbol, side } = terms;
  const { replaced, reserveQuantity, reserveNotional } = size;
  const position = state.positions.get(symbol)?.quantity ?? 0n;
  const open = sideOf(state.exposure.get(symbol), side);
  const closable = closableBeside(side, open.reduceOnlyQuantity, position);
  const others = open.quantity - replaced.quantity;
  const quantity = openingUnits(reserveQuantity, closable, others);
  const isMore =
    reserveNotional === null ||
    reserveNotional > replaced.notional ||
    quantity > openingUnits(replaced.quantity, closable, others);
  // Without a price a notional order has no quantity yet, and may well open a position.
  const mayOpen = quantity > 0n || (terms.notional !== null && reserveNotional === null);
  return { quantity, addsExposure: mayOpen && isMore };
};

/**
 * Whether a reduce-only order takes from what others of its side may close, which then may open as much: they are
 * reserved anew. The gateway's own closing orders have to pass in any case.
 */
const displacesOthers = (state: AccountState, { terms, isLeg, origin }: CheckOrderInput): boolean =>
  terms.reduceOnly &&
  !isLeg &&
  origin !== 'GATEWAY' &&
  sideOf(state.exposure.get(terms.symbol), terms.side).quantity > 0n;

const workOut = (
  state: AccountState,
  instrument: Instrument,
  terms: OrderTerms,
  size: OrderSize,
  context: DecideContext,
): FiguresResult => {
  const { notional, reserveQuantity, reserveNotional, replaced } = size;
  if (notional === null || reserveNotional === null) return { figures: null, missing: [terms.symbol] };
  const reserved = terms.reduceOnly
    ? {
        quantity: 0n,
        notional: 0n,
        reduceOnlyQuantity: max(size.quantity, replaced.reduceOnlyQuantity),
      }
    : { quantity: reserveQuantity, notional: reserveNotional, reduceOnlyQuantity: 0n };
  const order = { side: terms.side, ...reserved, orderNotional: notional, replaced };
  return figuresOf(state, instrument, order, context);
};

/** Works out once what the rules need. Denied only when there is nothing to work with: no symbol, no numbers. */
export const buildCandidate = (
  state: AccountState,
  input: CheckOrderInput,
  context: DecideContext,
): CandidateResult => {
  const { terms, replaces, isLeg, strategyId } = input;
  const { symbol, side, trailingOffsetType } = terms;
  const instrument = context.market.instrument(symbol);
  if (instrument === undefined) return { kind: 'denied', denial: denyUnknownSymbol(symbol) };
  const read = readTerms(terms);
  if ('code' in read) return { kind: 'denied', denial: read };

  const quote = context.market.quote(symbol);
  const { limitPrice, stopPrice, trailingOffset, displayQuantity } = read;
  const price = reservePrice({ side, limitPrice, stopPrice, trailingOffset, trailingOffsetType }, quote);
  const size = sizeOf(read, price, instrument.multiplier, replaces);
  const opening = openingOf(state, input, size);
  const reservesMore = opening.addsExposure || displacesOthers(state, input);
  const { figures, missing } = reservesMore
    ? workOut(state, instrument, terms, size, context)
    : { figures: null, missing: [] };
  const candidate: Candidate = {
    terms,
    instrument,
    quote,
    askedQuantity: read.quantity,
    quantity: size.quantity,
    displayQuantity,
    limitPrice,
    stopPrice,
    trailingOffset,
    price,
    notional: size.notional,
    openingQuantity: opening.quantity,
    addsExposure: opening.addsExposure,
    figures,
    missing,
    replaces,
    isLeg,
    legs: input.legs ?? 0,
    strategyId,
    origin: input.origin ?? 'API',
  };
  return { kind: 'candidate', candidate };
};
