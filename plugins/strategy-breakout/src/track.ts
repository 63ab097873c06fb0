import {
  atTick,
  type Bar,
  type InstrumentView,
  type Json,
  log,
  type PortfolioView,
  replace,
  type StrategyEffect,
  type StrategyOrderEvent,
  TargetPosition,
} from '@omniquant/plugin-sdk';
import { parseDecimal, sign } from '@omniquant/plugin-sdk/decimal';
import { atr, donchianChannel } from '@omniquant/plugin-sdk/indicators';

import type { Config } from './config.ts';
import { sizeOf } from './size.ts';

/** What a bar has done to the channels of the bars before it. */
interface Breakout {
  readonly entry: 'UP' | 'DOWN' | null;
  readonly exit: 'UP' | 'DOWN' | null;
  /** Average true range up to this bar. */
  readonly range: number;
}

type Saved = readonly [entry: Json, exit: Json, range: Json, position: Json];

/** One symbol: its channels, and what is held of it. */
export class Track {
  private readonly config: Config;
  private readonly entry;
  private readonly exit;
  private readonly range;
  private readonly position: TargetPosition;

  constructor(symbol: string, config: Config) {
    this.config = config;
    this.entry = donchianChannel(config.entryPeriod);
    this.exit = donchianChannel(config.exitPeriod);
    this.range = atr(config.atrPeriod);
    this.position = new TargetPosition(symbol);
  }

  /** Null while the channels fill. */
  update(bar: Bar): Breakout | null {
    const [entry, exit] = [this.entry.value, this.exit.value];
    this.entry.update(bar);
    this.exit.update(bar);
    const range = this.range.update(bar);
    if (entry === null || exit === null || range === null) return null;
    return { entry: beyond(bar.close, entry), exit: beyond(bar.close, exit), range };
  }

  *onBar(bar: Bar, portfolio: PortfolioView, instrument: InstrumentView): Generator<StrategyEffect> {
    const breakout = this.update(bar);
    if (breakout !== null) {
      yield* this.decide(bar, breakout, portfolio, instrument);
      if (this.config.stop === 'trailing') yield* this.trail(bar, breakout.range, portfolio, instrument);
    }
    yield* this.position.onBar(portfolio);
  }

  *onOrderEvent(event: StrategyOrderEvent, portfolio: PortfolioView): Generator<StrategyEffect> {
    const { reason, ref, status, symbol } = event;
    const end = this.position.hear(event);
    if (end?.how === 'REFUSED') {
      const what = end.opening
        ? 'entry refused: waits for the next breakout'
        : 'exit refused: tried again later';
      yield log('WARN', what, { symbol, reason });
    }
    const isLost = status === 'REJECTED' || status === 'DENIED' || status === 'EXPIRED';
    if (isLost && ref.endsWith('.stopLoss') && portfolio.position(symbol) !== 0) {
      yield log('ERROR', 'the stop is gone: closes the position', { symbol, reason });
      this.position.moveTo(0n);
    }
    yield* this.position.seek(portfolio);
  }

  snapshot(): Json {
    const { entry, exit, position, range } = this;
    return [entry.snapshot(), exit.snapshot(), range.snapshot(), position.snapshot()];
  }

  restore(snapshot: Json): void {
    const [entry, exit, range, position] = snapshot as Saved;
    this.entry.restore(entry);
    this.exit.restore(exit);
    this.range.restore(range);
    this.position.restore(position);
  }

  private *decide(
    bar: Bar,
    { entry, exit, range }: Breakout,
    portfolio: PortfolioView,
    instrument: InstrumentView,
  ): Generator<StrategyEffect> {
    const held = sign(parseDecimal(portfolio.quantity(bar.symbol)));
    const target = sign(this.position.target ?? 0n);
    // What has been decided is finished first: its stop may be gone already.
    if (held !== 0 && target !== held) return;
    const side = this.position.isBusy ? target : held;
    if (entry === 'UP' && side <= 0) yield* this.enter(1, bar, range, portfolio, instrument);
    else if (entry === 'DOWN' && side >= 0 && this.config.allowShort) {
      yield* this.enter(-1, bar, range, portfolio, instrument);
    } else if ((side > 0 && exit === 'DOWN') || (side < 0 && exit === 'UP')) this.position.moveTo(0n);
  }

  private *enter(
    direction: 1 | -1,
    { close, symbol }: Bar,
    range: number,
    { equity }: PortfolioView,
    instrument: InstrumentView,
  ): Generator<StrategyEffect> {
    const units = equity === null ? 0n : sizeOf({ ...this.config, equity, close, atr: range }, instrument);
    const stopPrice = this.stopPrice(direction, close, range, instrument);
    const isPlaceable = this.config.stop === 'none' || parseDecimal(stopPrice) > 0n;
    if (units > 0n && isPlaceable) {
      const terms = this.config.stop === 'none' ? {} : { stopLoss: { stopPrice } };
      this.position.moveTo(direction > 0 ? units : -units, terms);
      return;
    }
    // A breakout against what is held closes it, also where nothing can be opened.
    this.position.moveTo(0n);
    yield log('INFO', 'no entry: the size or the stop comes to nothing', {
      symbol,
      equity,
      range,
      stopPrice,
    });
  }

  private stopPrice(direction: number, close: number, range: number, instrument: InstrumentView): string {
    const away = this.config.stopMultiple * range;
    return direction > 0
      ? atTick(close - away, instrument, 'floor')
      : atTick(close + away, instrument, 'ceil');
  }

  /** Moves the stop of what is held closer to the price, never away from it. */
  private *trail(
    { close, symbol }: Bar,
    range: number,
    portfolio: PortfolioView,
    instrument: InstrumentView,
  ): Generator<StrategyEffect> {
    const held = portfolio.position(symbol);
    const stop = portfolio.orders.find((order) => order.symbol === symbol && order.ref.endsWith('.stopLoss'));
    if (held === 0 || sign(this.position.target ?? 0n) !== Math.sign(held)) return;
    if (stop === undefined || stop.stopPrice === null) return;
    if (stop.status !== 'HELD' && stop.status !== 'WORKING') return;
    const stopPrice = this.stopPrice(held, close, range, instrument);
    const closer = parseDecimal(stopPrice) - parseDecimal(stop.stopPrice);
    if (held > 0 ? closer > 0n : closer < 0n) yield replace(stop.ref, { stopPrice });
  }
}

const beyond = (
  close: number,
  { lower, upper }: { readonly lower: number; readonly upper: number },
): 'UP' | 'DOWN' | null => {
  if (close > upper) return 'UP';
  return close < lower ? 'DOWN' : null;
};
