import {
  defineStrategy,
  type Effects,
  type InstrumentView,
  type Json,
  log,
  type StrategyContext,
  type StrategyHooks,
  wholeLots,
} from '@omniquant/plugin-sdk';
import { parseDecimal, toNumber } from '@omniquant/plugin-sdk/decimal';

import { type Config, config } from './config.ts';
import { Parent, type SavedParent } from './parent.ts';
import { type Schedule, weightsOf } from './schedule.ts';
import { VolumeProfile } from './volume-profile.ts';

type Saved = {
  readonly budget: number;
  readonly profile: Json;
  readonly parent: SavedParent | null;
};

/** Null where the end is not after the beginning any more. */
function scheduleOf(given: Config, ctx: StrategyContext, profile: VolumeProfile): Schedule | null {
  const { durationSeconds = 0, endAt, slices } = given;
  const startAt = Math.max(given.startAt ?? 0, ctx.now());
  const end = endAt ?? (given.startAt ?? startAt) + durationSeconds * 1_000;
  if (end <= startAt) return null;
  const volumes = given.method === 'vwap' ? profile.slices(startAt, end, slices) : [];
  const hasProfile = volumes.some((volume) => volume > 0);
  const weights = hasProfile ? weightsOf(volumes) : Array.from({ length: slices }, () => 1);
  return { startAt, endAt: end, weights };
}

/** Works one large order off in slices, by time or by the usual volume of the day. */
export const execution = defineStrategy({
  id: 'execution',
  description: 'Executes one quantity of one symbol in slices over time: TWAP or VWAP',
  config,
  check({ durationSeconds, endAt, limitPrice, quantity, startAt }, { symbols }) {
    if (symbols.length !== 1) return { field: 'symbols', message: 'has to be one symbol' };
    if (!(Number(quantity) > 0)) return { field: 'quantity', message: 'has to be more than 0' };
    if (limitPrice !== undefined && !(Number(limitPrice) > 0)) {
      return { field: 'limitPrice', message: 'has to be more than 0' };
    }
    if ((endAt === undefined) === (durationSeconds === undefined)) {
      return { field: 'endAt', message: 'or durationSeconds has to be given, and not both' };
    }
    return endAt !== undefined && startAt !== undefined && endAt <= startAt
      ? { field: 'endAt', message: 'has to be after startAt' }
      : null;
  },
  inputs: ({ method, participation, profileBars }) => ({
    warmup: method === 'vwap' ? profileBars : Math.ceil(participation),
  }),
  create(given, ctx): StrategyHooks {
    const profile = new VolumeProfile();
    const [symbol = ''] = ctx.symbols;
    let parent: Parent | null = null;
    /** What the cap leaves until the next bar, in units. */
    let budget = 0;

    return {
      *onStart({ market }): Effects {
        const instrument = market.instrument(symbol);
        const schedule = scheduleOf(given, ctx, profile);
        const problem = problemOf(given, instrument, schedule);
        if (instrument === null || schedule === null || problem !== null) {
          yield log('ERROR', `orders nothing: ${problem ?? ''}`, { symbol });
          return;
        }
        if (given.method === 'vwap' && new Set(schedule.weights).size === 1) {
          yield log('WARN', 'no volume is known for these times of day: equal slices', { symbol });
        }
        parent = new Parent(given, instrument, ctx, schedule);
        yield* parent.begin();
      },
      onBar(bar): Effects {
        if (bar.symbol !== symbol || bar.interval !== ctx.interval) return undefined;
        budget = bar.volume * given.participation;
        if (parent === null && given.method === 'vwap') profile.take(bar);
        return undefined;
      },
      *onTimer({ name }, { portfolio }): Effects {
        if (parent === null) return;
        if (name === 'slice') {
          const ordered = yield* parent.onSlice(portfolio, given.participation > 0 ? budget : null);
          budget -= toNumber(ordered);
        }
        if (name === 'end') yield* parent.onEnd(portfolio);
        if (name === 'settle') yield* parent.onSettle(portfolio);
      },
      *onFill(fill, { portfolio }): Effects {
        if (parent !== null) yield* parent.onFill(fill, portfolio);
      },
      *onOrderEvent(event): Effects {
        if (parent !== null) yield* parent.onOrderEvent(event);
      },
      *onStop({ portfolio }): Effects {
        if (parent !== null) yield* parent.stop(portfolio);
      },
      snapshot: () => ({ budget, profile: profile.snapshot(), parent: parent?.snapshot() ?? null }),
      restore(snapshot) {
        const saved = snapshot as Saved;
        budget = saved.budget;
        profile.restore(saved.profile);
        parent = saved.parent === null ? null : Parent.restored(given, ctx, saved.parent);
      },
    };
  },
});

function problemOf(
  { quantity }: Config,
  instrument: InstrumentView | null,
  schedule: Schedule | null,
): string | null {
  if (instrument === null) return 'the symbol is unknown';
  if (schedule === null) return 'the end has passed';
  return wholeLots(parseDecimal(quantity), instrument) > 0n ? null : 'the quantity is less than a lot';
}
