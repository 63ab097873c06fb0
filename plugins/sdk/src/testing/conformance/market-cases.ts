import { Finding, isBinding, type KitCase, onlyGivenSymbols } from './kit.ts';
import { withHoles } from './kit-bars.ts';

export const gapsCase: KitCase = {
  number: 'S6',
  title: 'missing bars and a long halt neither stop it nor lead it to other symbols',
  run(kit) {
    const bars = kit.bars('gaps');
    const { startsAt } = kit.prepare(bars);
    const [halted = ''] = kit.run.symbols;
    const replay = kit.play(withHoles(bars, startsAt, halted, kit.random('gaps')));
    onlyGivenSymbols(kit, replay.effects);
    // A market in which nothing happens: no range, no volume.
    const still = bars.map(({ open, ...bar }) => ({
      ...bar,
      open,
      high: open,
      low: open,
      close: open,
      volume: 0,
    }));
    onlyGivenSymbols(kit, kit.play(still).effects);
  },
};

export const warmupCase: KitCase = {
  number: 'S13',
  title: 'it takes its warm-up, and a market that is too young to have one',
  run(kit) {
    const bars = kit.bars('warm-up');
    const { startsAt } = kit.prepare(bars);
    if (kit.wanted.warmup > 0) kit.play(bars.filter(({ at }) => at < startsAt));
    onlyGivenSymbols(kit, kit.play(bars).effects);
    onlyGivenSymbols(kit, kit.play(bars, { warmup: false }).effects);
  },
};

export const actsCase: KitCase = {
  number: 'S14',
  title: 'it does something on the bars of the kit, so that the other cases mean something',
  appliesTo: ({ mayBeIdle = false }) => !mayBeIdle,
  run(kit) {
    if (kit.play(kit.bars('acts')).effects.some(isBinding)) return;
    throw new Finding('it had no effect: give a config or makeBars with which it has, or say mayBeIdle');
  },
};
