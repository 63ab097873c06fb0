import {
  atTick,
  type Bar,
  type InstrumentView,
  type Json,
  log,
  type OpeningTerms,
  type PortfolioView,
  type StrategyEffect,
  type StrategyOrderEvent,
  TargetPosition,
  wholeLots,
} from '@omniquant/plugin-sdk';
import { type Fixed, parseDecimal, sign } from '@omniquant/plugin-sdk/decimal';

import type { Config } from './config.ts';
import { createSignal, type Reading, type Signal } from './signal.ts';

type Saved = {
  readonly signal: Json;
  readonly position: Json;
  readonly zone: Reading['zone'];
  readonly barsHeld: number;
};

/** One symbol: its range, and what is held of it. */
export class Track {
  private readonly config: Config;
  private readonly signal: Signal;
  private readonly position: TargetPosition;
  private zone: Reading['zone'] = 'INSIDE';
  private barsHeld = 0;

  constructor(symbol: string, config: Config) {
    this.config = config;
    this.signal = createSignal(config);
    this.position = new TargetPosition(symbol);
  }

  /** A bar of before the start. */
  warm({ close }: Bar): void {
    this.zone = this.signal.update(close)?.zone ?? 'INSIDE';
  }

  *onBar(bar: Bar, portfolio: PortfolioView, instrument: InstrumentView): Generator<StrategyEffect> {
    const reading = this.signal.update(bar.close);
    if (reading !== null) {
      const hasEntered = reading.zone !== this.zone;
      this.zone = reading.zone;
      this.barsHeld = portfolio.position(bar.symbol) === 0 ? 0 : this.barsHeld + 1;
      yield* this.decide(bar, reading, hasEntered, portfolio, instrument);
    }
    yield* this.position.onBar(portfolio);
  }

  *onOrderEvent(event: StrategyOrderEvent, portfolio: PortfolioView): Generator<StrategyEffect> {
    const { reason, ref, status, symbol } = event;
    const end = this.position.hear(event);
    if (end?.how === 'REFUSED') {
      const what = end.opening
        ? 'entry refused: waits for the next signal'
        : 'exit refused: tried again later';
      yield log('WARN', what, { symbol, reason });
    }
    const isLost = status === 'REJECTED' || status === 'DENIED' || status === 'EXPIRED';
    if (isLost && ref.endsWith('.stopLoss') && portfolio.position(symbol) !== 0) {
      yield log('ERROR', 'the protective stop is gone: closes the position', { symbol, reason });
      this.position.moveTo(0n);
    }
    yield* this.position.seek(portfolio);
  }

  snapshot(): Json {
    const { barsHeld, zone } = this;
    return { signal: this.signal.snapshot(), position: this.position.snapshot(), zone, barsHeld };
  }

  restore(snapshot: Json): void {
    const saved = snapshot as Saved;
    this.signal.restore(saved.signal);
    this.position.restore(saved.position);
    this.zone = saved.zone;
    this.barsHeld = saved.barsHeld;
  }

  private *decide(
    { close, symbol }: Bar,
    { toMiddle, zone }: Reading,
    hasEntered: boolean,
    portfolio: PortfolioView,
    instrument: InstrumentView,
  ): Generator<StrategyEffect> {
    const { allowShort, maxHoldingBars, quantity } = this.config;
    const held = sign(parseDecimal(portfolio.quantity(symbol)));
    const target = sign(this.position.target ?? 0n);
    // What has been decided is finished first: its stop may be gone already.
    if (held !== 0 && target !== held) return;
    const side = this.position.isBusy ? target : held;
    if (hasEntered && zone === 'LOW' && side <= 0) {
      yield* this.enter(wholeLots(parseDecimal(quantity), instrument), close, instrument);
      return;
    }
    if (hasEntered && zone === 'HIGH' && side >= 0 && allowShort) {
      yield* this.enter(-wholeLots(parseDecimal(quantity), instrument), close, instrument);
      return;
    }
    const isBack = side > 0 ? toMiddle <= 0 : toMiddle >= 0;
    const isOld = maxHoldingBars > 0 && this.barsHeld >= maxHoldingBars;
    if (side === 0 || !(isBack || isOld)) return;
    this.position.moveTo(0n);
    yield log('DEBUG', isBack ? 'back at the middle' : 'held too long', { symbol, barsHeld: this.barsHeld });
  }

  private *enter(units: Fixed, close: number, instrument: InstrumentView): Generator<StrategyEffect> {
    const terms = this.terms(units, close, instrument);
    if (units !== 0n && terms !== null) {
      this.position.moveTo(units, terms);
      return;
    }
    const { symbol } = instrument;
    yield log('WARN', units === 0n ? 'quantity is less than a lot' : 'there is no tick for the stop', {
      symbol,
    });
    this.position.moveTo(0n);
  }

  /** Null where the stop would be at zero. */
  private terms(units: Fixed, close: number, instrument: InstrumentView): OpeningTerms | null {
    const { stopPercent } = this.config;
    if (stopPercent === 0) return {};
    const away = (close * stopPercent) / 100;
    const stopPrice =
      units > 0n ? atTick(close - away, instrument, 'floor') : atTick(close + away, instrument, 'ceil');
    return parseDecimal(stopPrice) > 0n ? { stopLoss: { stopPrice } } : null;
  }
}
