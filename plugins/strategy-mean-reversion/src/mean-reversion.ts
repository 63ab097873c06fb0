import { defineStrategy, type Effects, type Json, log, type StrategyHooks } from '@omniquant/plugin-sdk';

import { config } from './config.ts';
import { createSignal } from './signal.ts';
import { Track } from './track.ts';

type Saved = { readonly started: boolean; readonly tracks: Readonly<Record<string, Json>> };

/** Buys what has fallen out of its range and sells it back at the middle of the range. */
export const meanReversion = defineStrategy({
  id: 'mean-reversion',
  description: 'Buys below the range of Bollinger bands or the RSI and sells at its middle',
  config,
  check: ({ quantity }) =>
    Number(quantity) > 0 ? null : { field: 'quantity', message: 'has to be more than 0' },
  inputs: (given) => ({ warmup: createSignal(given).warmup }),
  create(given, { symbols }): StrategyHooks {
    const tracks = new Map(symbols.map((symbol) => [symbol, new Track(symbol, given)]));
    let started = false;
    return {
      *onStart({ market }): Effects {
        started = true;
        for (const symbol of symbols) {
          if (market.instrument(symbol) === null) yield log('WARN', 'unknown symbol', { symbol });
        }
      },
      *onBar(bar, { market, portfolio }): Effects {
        const track = tracks.get(bar.symbol);
        const instrument = market.instrument(bar.symbol);
        if (!started || instrument === null) track?.warm(bar);
        else if (track !== undefined) yield* track.onBar(bar, portfolio, instrument);
      },
      *onOrderEvent(event, { portfolio }): Effects {
        const track = tracks.get(event.symbol);
        if (track !== undefined) yield* track.onOrderEvent(event, portfolio);
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
