import { abs, type Fixed, formatDecimal, parseDecimal, sign } from './decimal.ts';
import type { Decimal } from './order-terms.ts';
import { cancel, type Json, place, type StrategyEffect, type StrategyOrder } from './strategy-effects.ts';
import type { PortfolioView, StrategyOrderEvent } from './strategy-inputs.ts';

/**
 * What an order that opens or enlarges the position bears beside side and quantity.
 * @example
 * ```ts
 * const terms: OpeningTerms = { stopLoss: { stopPrice: '184.5' } };
 * new TargetPosition('AAPL').moveTo(parseDecimal('10'), terms);
 * ```
 */
export type OpeningTerms = Pick<StrategyOrder, 'stopLoss' | 'takeProfit'>;

/**
 * How an order of a {@link TargetPosition} has ended. REFUSED: denied, rejected, or ended without having been asked to.
 * @example
 * ```ts
 * const isLost = (end: TargetOrderEnd | null) => end?.how === 'REFUSED' && end.opening;
 * ```
 */
export interface TargetOrderEnd {
  readonly how: 'FILLED' | 'REFUSED' | 'CANCELED';
  /** Whether it was to open or enlarge the position. */
  readonly opening: boolean;
}

// Aliases, as interfaces are no JSON.
type Working = {
  readonly ref: string;
  readonly opening: boolean;
  /** ASK: its cancel is to be asked for again, if it is still wanted. */
  readonly cancel: 'NO' | 'ASK' | 'ASKED';
  /** Bars since it was not seen among the open orders, and nothing was heard of its end. */
  readonly unseen: number;
};
type State = {
  readonly target: Decimal | null;
  /** Terms of the opening order that is due; null when none is. */
  readonly opening: OpeningTerms | null;
  readonly working: Working | null;
  readonly protectionAsked: boolean;
  readonly orders: number;
  readonly refusals: number;
  readonly pause: number;
};

const NEW: State = {
  ...{ target: null, opening: null, working: null, protectionAsked: false },
  ...{ orders: 0, refusals: 0, pause: 0 },
};
/** Of most bars, which a generator would cost more than all else. */
const NOTHING: readonly StrategyEffect[] = [];
/** The end of an order comes within the step after it; after so many bars it never will. */
const MOST_UNSEEN = 2;
const LONGEST_PAUSE = 32;

/**
 * Brings the strategy's position in one symbol to a target by market orders, as a strategy has to that must
 * neither double an order nor flood a venue that refuses:
 *
 * - One order at a time. One that is no longer wanted is cancelled, and its end awaited.
 * - What reduces goes before what opens: a flip from long to short is two orders. Other open orders of the
 *   symbol, such as the stop of a bracket, are cancelled first, as they would fill a second time.
 * - An opening order is placed once for each `moveTo`, whatever becomes of it. A reducing order is placed again.
 * - After n refusals in a row nothing is placed for 2^(n-1) bars, at most 32; an opening that falls into that
 *   time is dropped. A cancel or an expiry that was not asked for is a refusal.
 * - Bars that were missed and are outdated (`portfolio.isAhead`) set targets, and nothing is placed on them.
 *
 * Give it each bar of the symbol (`onBar`) and each event of an order of the symbol (`hear`, then `seek`).
 * @example
 * ```ts
 * const create = (): StrategyHooks => {
 *   const position = new TargetPosition('AAPL');
 *   return {
 *     *onBar({ close, open }, { portfolio }) {
 *       position.moveTo(parseDecimal(close > open ? '10' : '0'));
 *       yield* position.onBar(portfolio);
 *     },
 *     *onOrderEvent(event, { portfolio }) {
 *       position.hear(event);
 *       yield* position.seek(portfolio);
 *     },
 *     snapshot: () => position.snapshot(),
 *     restore: (saved) => position.restore(saved),
 *   };
 * };
 * ```
 */
export class TargetPosition {
  readonly symbol: string;
  private state = NEW;

  constructor(symbol: string) {
    this.symbol = symbol;
  }

  /** Signed units; null while it has none and leaves the position as it is. */
  get target(): Fixed | null {
    return this.state.target === null ? null : parseDecimal(this.state.target);
  }

  /** Whether an order of it is open. */
  get isBusy(): boolean {
    return this.state.working !== null;
  }

  /** Whether it pauses, as its last order was refused. */
  get isPaused(): boolean {
    return this.state.pause > 0;
  }

  /** Sets the target, signed units in whole lots. The orders come from `onBar` and `seek`. */
  moveTo(target: Fixed, opening: OpeningTerms = {}): void {
    this.state = { ...this.state, target: formatDecimal(target), opening };
  }

  /** Leaves the position as it is, from now on. An order that is open stays. */
  leave(): void {
    this.state = { ...this.state, target: null, opening: null };
  }

  /** Once a bar of the symbol, after the target has been set: pauses count in bars. */
  onBar(portfolio: PortfolioView): Iterable<StrategyEffect> {
    return this.isSettled(portfolio) ? NOTHING : this.atBar(portfolio);
  }

  private *atBar(portfolio: PortfolioView): Generator<StrategyEffect> {
    const { pause, working } = this.state;
    this.state = {
      ...this.state,
      pause: Math.max(0, pause - 1),
      protectionAsked: false,
      working: working === null ? null : atNextBar(working, portfolio),
    };
    yield* this.seek(portfolio);
  }

  /** Takes in what happened to an order; null for all but the end of its own. */
  hear({ ref, status }: StrategyOrderEvent): TargetOrderEnd | null {
    const { working } = this.state;
    if (working?.ref !== ref) return null;
    const { opening } = working;
    switch (status) {
      case 'FILLED':
        this.state = { ...this.state, working: null, refusals: 0, pause: 0 };
        return { how: 'FILLED', opening };
      case 'CANCELED':
      case 'EXPIRED':
        if (working.cancel === 'NO') return this.refused(opening);
        this.state = { ...this.state, working: null };
        return { how: 'CANCELED', opening };
      case 'REJECTED':
      case 'DENIED':
        return this.refused(opening);
      default:
        return null;
    }
  }

  /** The order that is needed next, if one is. */
  *seek(portfolio: PortfolioView): Generator<StrategyEffect> {
    const { target } = this;
    if (target === null || portfolio.isAhead) return;
    const position = parseDecimal(portfolio.quantity(this.symbol));
    if (this.state.working !== null) {
      yield* this.review(this.state.working, target - position, portfolio);
      return;
    }
    if (position === target) {
      this.state = { ...this.state, opening: null };
      return;
    }
    const reduces = position !== 0n && sign(target - position) !== sign(position);
    if (this.state.pause > 0) {
      this.state = { ...this.state, opening: null };
      return;
    }
    if (!reduces && this.state.opening === null) return;
    if (reduces || position === 0n) {
      const others = portfolio.orders.filter(({ symbol }) => symbol === this.symbol);
      if (others.length > 0) {
        if (!this.state.protectionAsked) for (const { ref } of others) yield cancel(ref);
        this.state = { ...this.state, protectionAsked: true };
        return;
      }
    }
    const crosses = reduces && sign(target) === -sign(position);
    yield this.order((crosses ? 0n : target) - position, !reduces);
  }

  /** All that it goes on from, for the strategy's own `snapshot`. */
  snapshot(): Json {
    return this.state;
  }

  /** Goes on from what `snapshot` gave. */
  restore(snapshot: Json): void {
    this.state = { ...NEW, ...(snapshot as Partial<State>) };
  }

  /** As at most bars: there is nothing to do and nothing to remember. */
  private isSettled(portfolio: PortfolioView): boolean {
    const { opening, pause, protectionAsked, target, working } = this.state;
    if (working !== null || opening !== null || pause > 0 || protectionAsked) return false;
    // Both are canonical, so that equal numbers are equal texts.
    return target === null || target === portfolio.quantity(this.symbol);
  }

  private order(gap: Fixed, opening: boolean): StrategyEffect {
    const orders = this.state.orders + 1;
    const ref = `${this.symbol}-${orders}`;
    const terms = opening ? this.state.opening : null;
    this.state = {
      ...this.state,
      orders,
      protectionAsked: false,
      working: { ref, opening, cancel: 'NO', unseen: 0 },
      opening: opening ? null : this.state.opening,
    };
    const side = gap > 0n ? 'BUY' : 'SELL';
    return place({ ref, symbol: this.symbol, side, quantity: formatDecimal(abs(gap)), ...terms });
  }

  /** Cancels the open order if it would take the position past the target. */
  private *review(working: Working, gap: Fixed, portfolio: PortfolioView): Generator<StrategyEffect> {
    const order = portfolio.orders.find(({ ref }) => ref === working.ref);
    if (order === undefined || working.cancel === 'ASKED') return;
    const left = parseDecimal(order.quantity ?? '0') - parseDecimal(order.filledQuantity);
    const isWanted = left === 0n || (order.side === 'BUY' ? left <= gap : -left >= gap);
    if (isWanted) return;
    this.state = { ...this.state, working: { ...working, cancel: 'ASKED' } };
    yield cancel(working.ref);
  }

  private refused(opening: boolean): TargetOrderEnd {
    const refusals = this.state.refusals + 1;
    const pause = Math.min(2 ** (refusals - 1), LONGEST_PAUSE);
    this.state = { ...this.state, working: null, opening: null, refusals, pause };
    return { how: 'REFUSED', opening };
  }
}

function atNextBar(working: Working, { orders }: PortfolioView): Working | null {
  const isSeen = orders.some(({ ref }) => ref === working.ref);
  const unseen = isSeen ? 0 : working.unseen + 1;
  if (unseen > MOST_UNSEEN) return null;
  return { ...working, unseen, cancel: working.cancel === 'ASKED' ? 'ASK' : working.cancel };
}
