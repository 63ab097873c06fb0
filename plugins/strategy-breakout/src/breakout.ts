import { defineStrategy, type Effects, type Json, log, type StrategyHooks } from '@omniquant/plugin-sdk';

import { config } from './config.ts';
import { Track } from './track.ts';

type Saved = { readonly started: boolean; readonly tracks: Readonly<Record<string, Json>> };

/** Follows breakouts from Donchian channels, in the manner of the Turtles. */
export const breakout = defineStrategy({
  id: 'breakout',
  description: 'Follows breakouts from Donchian channels, sized by the average true range',
  config,
  check: ({ entryPeriod, exitPeriod }) =>
    exitPeriod <= entryPeriod
      ? null
      : { field: 'exitPeriod', message: `has to be at most entryPeriod, which is ${entryPeriod}` },
  inputs: ({ atrPeriod, entryPeriod }) => ({ warmup: Math.max(entryPeriod, atrPeriod + 1) }),
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
        if (!started || instrument === null) track?.update(bar);
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
