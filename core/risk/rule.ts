import type { OrderTerms } from '@omniquant/plugin-sdk';
import type { Fixed } from '@omniquant/plugin-sdk/decimal';

import type { AccountState } from '../engine/account-state.ts';
import type { DecideContext, MarketQuote } from '../engine/decide-context.ts';
import type { Instrument } from '../market/instrument.ts';
import type { Order } from '../orders/order.ts';
import type { Denial } from './denial.ts';

/** An order that asks to be let in (or a replacement), with what all rules need worked out once. */
export interface Candidate {
  readonly terms: OrderTerms;
  readonly instrument: Instrument;
  readonly quote: MarketQuote | undefined;
  /** Units; for a notional order the estimate at the reserve price. */
  readonly quantity: Fixed;
  readonly limitPrice: Fixed | null;
  readonly stopPrice: Fixed | null;
  /** The price at which the order is valued: its limit if it has one, else the quote's far side, else the stop. Null without any. */
  readonly price: Fixed | null;
  /** quantity x price x multiplier, in the instrument's currency. */
  readonly notional: Fixed | null;
  /** Units that open or enlarge a position, counting what open orders on the same side may do before: cumulative. */
  readonly openingQuantity: Fixed;
  /** The same valued at `price`. */
  readonly openingNotional: Fixed | null;
  /** The order that it would replace; its own reservation does not count against it. */
  readonly replaces: Order | null;
  /** Protective legs of a bracket: reduce-only by nature, exempt from rules on entries. */
  readonly isLeg: boolean;
  readonly strategyId: string | null;
}

/**
 * One pre-trade rule, in a file of its own. Pure: looks and answers null (passes) or a denial with the
 * numbers compared. Rules run in a fixed order (structure first, money last); the first denial counts.
 * Orders that only reduce exposure pass the rules on exposure; cancels pass no rule at all.
 */
export interface RiskRule {
  readonly name: string;
  check(candidate: Candidate, state: AccountState, context: DecideContext): Denial | null;
}
