import type { Bar } from '../../strategy-inputs.ts';
import type { SavedStrategy, StrategyInstance } from '../../strategy-instance.ts';
import type { StrategyReplay } from '../replay/strategy-replay.ts';
import type { ReplayedEffect } from '../replay-result.ts';
import { Finding, type Kit, type KitCase, sameEffects, symbolOf } from './kit.ts';

export const repeatCase: KitCase = {
  number: 'S2',
  title: 'two runs over the same bars give the same effects',
  run(kit) {
    const bars = kit.bars('repeat');
    const first = kit.play(bars).result();
    const second = kit.play(bars).result();
    sameEffects(first.effects, second.effects, 'the second run differs');
    if (first.hash !== second.hash) throw new Finding('the second run has other orders or fills');
  },
};

/** The last bars of each series, in the order in which they were given. */
const lastOf = (bars: readonly Bar[], count: number): Bar[] => {
  const left = new Map<string, number>();
  const last: Bar[] = [];
  for (const bar of bars.toReversed()) {
    const key = `${bar.symbol}/${bar.interval}`;
    const more = left.get(key) ?? count;
    if (more === 0) continue;
    left.set(key, more - 1);
    last.push(bar);
  }
  return last.toReversed();
};

const interrupted = (kit: Kit, bars: readonly Bar[]): StrategyReplay => {
  const { warmup } = kit.wanted;
  const replay: StrategyReplay = kit.prepare(bars, {
    probe: {
      afterInput(instance: StrategyInstance, given) {
        const saved = JSON.parse(JSON.stringify(instance.save())) as SavedStrategy;
        const next = replay.open(saved);
        if (!next.remembers) for (const bar of lastOf(given, warmup)) next.warm(bar);
        return next;
      },
    },
  });
  replay.play();
  replay.stop();
  return replay;
};

export const restoreCase: KitCase = {
  number: 'S3',
  title: 'saved and restored after every input it has the same effects',
  run(kit) {
    const bars = kit.bars('restore');
    sameEffects(kit.play(bars).effects, interrupted(kit, bars).effects, 'a run that is restored differs');
  },
};

export const lookAheadCase: KitCase = {
  number: 'S4',
  title: 'what it does up to a bar does not depend on what comes after',
  run(kit) {
    for (const fraction of [0.25, 0.5, 0.75]) {
      // Bars that nobody has seen before: whoever keeps the future somewhere learns it here.
      const bars = kit.bars(`look-ahead ${String(fraction)}`);
      const other = kit.bars(`another future ${String(fraction)}`);
      const { moments } = kit.prepare(bars);
      const until = moments[Math.floor(moments.length * fraction)]?.endsAt ?? 0;
      const isPast = ({ at }: Bar): boolean => at < until;
      const past = bars.filter(isPast);
      const effectsOf = (all: readonly Bar[]): readonly ReplayedEffect[] => {
        const replay = kit.prepare(all);
        replay.play();
        return replay.effects.filter(({ at }) => at < until);
      };
      const known = effectsOf(past);
      const changed = [...past, ...other.filter((bar) => !isPast(bar))];
      sameEffects(known, effectsOf(bars), `with the future after ${String(until)} known it differs`);
      sameEffects(known, effectsOf(changed), `with another future after ${String(until)} it differs`);
    }
  },
};

const ofSymbol = (replay: StrategyReplay, symbol: string): readonly ReplayedEffect[] => {
  const refs = new Map(replay.orders.all.map((order) => [order.ref, order.symbol]));
  return replay.effects.filter(({ effect }) => {
    const named = 'ref' in effect ? refs.get(effect.ref) : symbolOf(effect);
    return named === symbol;
  });
};

export const tiesCase: KitCase = {
  number: 'S9',
  title: 'for symbols that are independent, the order of bars that end together does not matter',
  appliesTo: ({ independentSymbols = true, symbols }) => independentSymbols && (symbols?.length ?? 2) > 1,
  run(kit) {
    const bars = kit.bars('ties');
    const [plain, reversed] = [kit.play(bars), kit.play(bars, { reversesTies: true })];
    for (const symbol of kit.run.symbols) {
      const what = `${symbol} differs when the bars of other symbols come before it instead of after it; where that is meant, set the option independentSymbols: false (in package.json under omniquant.strategyCases)`;
      sameEffects(ofSymbol(plain, symbol), ofSymbol(reversed, symbol), what);
    }
  },
};
