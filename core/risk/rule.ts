import type { OrderTerms } from '@omniquant/plugin-sdk';
import type { Fixed } from '@omniquant/plugin-sdk/decimal';

import type { AccountState } from '../engine/account-state.ts';
import type { DecideContext, MarketQuote } from '../engine/decide-context.ts';
import type { Instrument } from '../market/instrument.ts';
import type { Order, OrderOrigin } from '../orders/order.ts';
import type { Denial, DenialCode } from './denial.ts';
import type { Figures } from './figures.ts';

/** An order that asks to be let in (or a replacement), with what all rules need worked out once. */
export interface Candidate {
  readonly terms: OrderTerms;
  readonly instrument: Instrument;
  readonly quote: MarketQuote | undefined;
  /** As asked for; null for a notional order. */
  readonly askedQuantity: Fixed | null;
  /** Units still to trade: for a notional order the estimate at the reserve price, of a replacement what is not filled. */
  readonly quantity: Fixed;
  readonly displayQuantity: Fixed | null;
  readonly limitPrice: Fixed | null;
  readonly stopPrice: Fixed | null;
  readonly trailingOffset: Fixed | null;
  /** The most that a unit may cost, see reserve-price.ts. Null where nothing says it. */
  readonly price: Fixed | null;
  /** quantity x price x multiplier, in the instrument's currency; of a notional order what it asks for. */
  readonly notional: Fixed | null;
  /**
   * Units that open or enlarge a position, counting what open orders on the same side may do before:
   * cumulative. Of a replacement by the larger of both revisions.
   */
  readonly openingQuantity: Fixed;
  /** Whether letting it in makes a larger position possible; for a replacement, larger than the order it replaces. */
  readonly addsExposure: boolean;
  /**
   * The amounts that the rules on money compare; null when nothing more is reserved or a price is missing. A
   * reduce-only order beside others of its side has them, too, and adds no exposure itself.
   */
  readonly figures: Figures | null;
  /** Symbols and currency pairs without the fresh price that `figures` needs. */
  readonly missing: readonly string[];
  /** The order that it would replace; its own reservation does not count against it. */
  readonly replaces: Order | null;
  /** Protective legs of a bracket: reduce-only by nature, exempt from rules on entries. */
  readonly isLeg: boolean;
  /** Legs that come with it. */
  readonly legs: number;
  readonly strategyId: string | null;
  readonly origin: OrderOrigin;
}

/**
 * One pre-trade rule, in a file of its own. Pure: looks and answers null (passes) or a denial with the
 * numbers compared. Rules run in a fixed order (structure first, money last); the first denial counts.
 * Orders that only reduce exposure pass the rules on exposure; cancels pass no rule at all. The texts
 * are the rows of docs/RISK.md.
 */
export interface RiskRule {
  readonly name: string;
  readonly codes: readonly DenialCode[];
  /** What is compared with what. */
  readonly compares: string;
  /** The field of the limits, the instrument or the settings that decides. */
  readonly limit: string;
  /** Orders that the rule does not look at. */
  readonly exempt: string;
  check(candidate: Candidate, state: AccountState, context: DecideContext): Denial | null;
}

/** The gateway's own closing orders: they have to pass where a client's would not. */
export const isFlattening = (candidate: Candidate): boolean =>
  candidate.origin === 'GATEWAY' && candidate.terms.reduceOnly;
