import {
  defineStrategy,
  type Effects,
  type Json,
  log,
  type StrategyHooks,
  T,
  TargetPosition,
  wholeLots,
} from '@omniquant/plugin-sdk';
import { parseDecimal } from '@omniquant/plugin-sdk/decimal';
import { type Crossover, crossover, sma } from '@omniquant/plugin-sdk/indicators';

const config = T.Object(
  {
    fast: T.Integer({ minimum: 1, maximum: 500, default: 10, description: 'Bars of the fast average' }),
    slow: T.Integer({ minimum: 2, maximum: 1_000, default: 30, description: 'Bars of the slow average' }),
    quantity: T.String({
      pattern: '^(0|[1-9]\\d{0,11})(\\.\\d{1,12})?$',
      default: '1',
      description: 'Units held of each symbol, rounded down to whole lots',
    }),
    allowShort: T.Boolean({
      default: false,
      description: 'Sell short while the fast average is below; otherwise hold nothing then',
    }),
  },
  { additionalProperties: false },
);

/** One symbol: its averages, and what is held of it. */
class Track {
  readonly position: TargetPosition;
  private readonly fast;
  private readonly slow;
  private readonly cross = crossover();

  constructor(symbol: string, fast: number, slow: number) {
    this.position = new TargetPosition(symbol);
    this.fast = sma(fast);
    this.slow = sma(slow);
  }

  update(close: number): Crossover {
    const value = this.fast.update(close);
    const level = this.slow.update(close);
    if (value === null || level === null) return 'none';
    return this.cross.update({ value, level }) ?? 'none';
  }

  snapshot(): Json {
    const { cross, fast, position, slow } = this;
    return [fast.snapshot(), slow.snapshot(), cross.snapshot(), position.snapshot()];
  }

  restore([fast, slow, cross, position]: readonly [Json, Json, Json, Json]): void {
    this.fast.restore(fast);
    this.slow.restore(slow);
    this.cross.restore(cross);
    this.position.restore(position);
  }
}

type Saved = {
  readonly started: boolean;
  readonly tracks: Readonly<Record<string, readonly [Json, Json, Json, Json]>>;
};

/** Long while a fast average is above a slow one, and flat or short while it is below. */
export const smaCross = defineStrategy({
  id: 'sma-cross',
  description: 'Follows the crossings of a fast and a slow simple moving average',
  config,
  check({ fast, slow, quantity }) {
    if (fast >= slow) return { field: 'fast', message: `has to be less than slow, which is ${slow}` };
    return Number(quantity) > 0 ? null : { field: 'quantity', message: 'has to be more than 0' };
  },
  inputs: ({ slow }) => ({ warmup: slow }),
  create({ allowShort, fast, quantity, slow }, { symbols }): StrategyHooks {
    const tracks = new Map(symbols.map((symbol) => [symbol, new Track(symbol, fast, slow)]));
    let started = false;
    return {
      *onStart({ market }): Effects {
        started = true;
        for (const symbol of symbols) {
          const instrument = market.instrument(symbol);
          if (instrument !== null && wholeLots(parseDecimal(quantity), instrument) > 0n) continue;
          yield log('WARN', instrument === null ? 'unknown symbol' : 'quantity is less than a lot', {
            symbol,
          });
        }
      },
      onBar({ close, symbol }, { market, portfolio }): Effects {
        const track = tracks.get(symbol);
        if (track === undefined) return undefined;
        const crossed = track.update(close);
        if (!started) return undefined;
        const instrument = crossed === 'none' ? null : market.instrument(symbol);
        if (instrument !== null) {
          const units = wholeLots(parseDecimal(quantity), instrument);
          if (crossed === 'above') track.position.moveTo(units);
          else track.position.moveTo(allowShort ? -units : 0n);
        }
        return track.position.onBar(portfolio);
      },
      *onOrderEvent(event, { portfolio }): Effects {
        const position = tracks.get(event.symbol)?.position;
        if (position === undefined) return;
        const end = position.hear(event);
        if (end?.how === 'REFUSED') yield refusal(event.symbol, event.reason, end.opening);
        yield* position.seek(portfolio);
      },
      snapshot: () => ({
        started,
        tracks: Object.fromEntries([...tracks].map(([symbol, track]) => [symbol, track.snapshot()])),
      }),
      restore(snapshot) {
        const saved = snapshot as Saved;
        started = saved.started;
        for (const [symbol, state] of Object.entries(saved.tracks)) tracks.get(symbol)?.restore(state);
      },
    };
  },
});

const refusal = (symbol: string, reason: string | null, opening: boolean) =>
  log('WARN', opening ? 'entry refused: waits for the next crossing' : 'exit refused: tried again later', {
    symbol,
    reason,
  });
