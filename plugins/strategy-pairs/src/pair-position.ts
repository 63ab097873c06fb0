import {
  type InstrumentView,
  type Json,
  log,
  type PortfolioView,
  type StrategyEffect,
  type StrategyOrderEvent,
  TargetPosition,
  wholeLots,
} from '@omniquant/plugin-sdk';
import { parseDecimal } from '@omniquant/plugin-sdk/decimal';

import type { Config } from './config.ts';
import type { Reading } from './spread.ts';

type Instruments = readonly [InstrumentView, InstrumentView];
type State = {
  /** 1: long the first symbol and short the second; -1: the other way round. */
  readonly side: -1 | 0 | 1;
  /** Whether the spread has been inside the entry level since the last trade: each excursion counts once. */
  readonly isArmed: boolean;
  readonly incompleteBars: number;
};

/**
 * Both legs, or none:
 *
 *   flat --|z| >= entry--> opening --both filled--> open --|z| <= exit, or >= stop--> closing --> flat
 *                             |                                                          ^
 *                             +-- a leg is refused, or not filled in time ---------------+
 */
export class PairPosition {
  private readonly config: Config;
  private readonly legs: readonly [TargetPosition, TargetPosition];
  private state: State = { side: 0, isArmed: false, incompleteBars: 0 };

  constructor(symbols: readonly [string, string], config: Config) {
    this.config = config;
    this.legs = [new TargetPosition(symbols[0]), new TargetPosition(symbols[1])];
  }

  /** A reading of before the start. */
  warm(reading: Reading): void {
    this.arm(reading);
  }

  /** What a reading calls for. The orders come from {@link onBar}. */
  *decide(reading: Reading, portfolio: PortfolioView, both: Instruments): Generator<StrategyEffect> {
    const { entry, exit, maxLegBars, stop } = this.config;
    const { side } = this.state;
    const { z } = reading;
    if (side === 0) {
      const isFree = this.legs.every(
        (leg) => !leg.isBusy && !leg.isPaused && portfolio.position(leg.symbol) === 0,
      );
      const wasArmed = this.state.isArmed;
      this.arm(reading);
      if (isFree && wasArmed && Math.abs(z) >= entry && Math.abs(z) < stop) yield* this.open(reading, both);
      return;
    }
    const isComplete = this.legs.every(
      (leg) => !leg.isBusy && parseDecimal(portfolio.quantity(leg.symbol)) === leg.target,
    );
    const incompleteBars = isComplete ? 0 : this.state.incompleteBars + 1;
    this.state = { ...this.state, incompleteBars };
    if (-side * z <= exit) yield* this.close('back at the mean', reading);
    else if (-side * z >= stop) yield* this.close('beyond the stop', reading);
    else if (incompleteBars >= maxLegBars) yield* this.close('a leg was not filled in time', reading);
  }

  /** After a bar of one of the legs. */
  *onBar(symbol: string, portfolio: PortfolioView): Generator<StrategyEffect> {
    for (const leg of this.legs) {
      yield* leg.symbol === symbol ? leg.onBar(portfolio) : leg.seek(portfolio);
    }
  }

  *onOrderEvent(event: StrategyOrderEvent, portfolio: PortfolioView): Generator<StrategyEffect> {
    const { reason, symbol } = event;
    const end = this.legs.find((leg) => leg.symbol === symbol)?.hear(event);
    if (end?.how === 'REFUSED') {
      // Where both are refused the second finds the pair closed already.
      if (end.opening && this.state.side !== 0) yield* this.close('a leg was refused', { symbol, reason });
      else {
        const what = end.opening
          ? 'the other leg was refused, too'
          : 'an exit was refused: tried again later';
        yield log('WARN', what, { symbol, reason });
      }
    }
    for (const leg of this.legs) yield* leg.seek(portfolio);
  }

  snapshot(): Json {
    const [first, second] = this.legs;
    return { state: this.state, legs: [first.snapshot(), second.snapshot()] };
  }

  restore(snapshot: Json): void {
    const saved = snapshot as { readonly state: State; readonly legs: readonly [Json, Json] };
    this.state = saved.state;
    this.legs[0].restore(saved.legs[0]);
    this.legs[1].restore(saved.legs[1]);
  }

  private arm({ z }: Reading): void {
    if (Math.abs(z) < this.config.entry) this.state = { ...this.state, isArmed: true };
  }

  private *open({ beta, z }: Reading, [first, second]: Instruments): Generator<StrategyEffect> {
    this.state = { ...this.state, isArmed: false };
    const side = z > 0 ? -1 : 1;
    const units = wholeLots(parseDecimal(this.config.quantity), first);
    const perUnit = (beta * Number(first.multiplier)) / Number(second.multiplier);
    const hedge = wholeLots(Number(this.config.quantity) * Math.max(0, perUnit), second);
    const short = side > 0 ? second : first;
    const data = { z, beta };
    if (units === 0n || hedge === 0n) yield log('INFO', 'no entry: a leg is less than a lot', data);
    else if (!short.shortable) yield log('WARN', `no entry: ${short.symbol} cannot be sold short`, data);
    else {
      this.state = { side, isArmed: false, incompleteBars: 0 };
      this.legs[0].moveTo(side > 0 ? units : -units);
      this.legs[1].moveTo(side > 0 ? -hedge : hedge);
      yield log('INFO', side > 0 ? 'buys the spread' : 'sells the spread', data);
    }
  }

  private *close(why: string, data: object): Generator<StrategyEffect> {
    this.state = { side: 0, isArmed: false, incompleteBars: 0 };
    for (const leg of this.legs) leg.moveTo(0n);
    yield log('INFO', `closes both legs: ${why}`, data as Json);
  }
}
