import { Finding, type KitCase } from './kit.ts';
import { trapped } from './traps.ts';

export const purityCase: KitCase = {
  number: 'S11',
  title: 'no wall clock, no chance, no timers and no network but those of its context',
  run(kit) {
    const used = new Set<string>();
    const guard = <T>(work: () => T): T => trapped(work, used);
    try {
      kit.play(kit.bars('purity'), { probe: { guard } });
    } catch (cause) {
      if (used.size === 0) throw cause;
    }
    if (used.size > 0) throw new Finding(`it uses ${[...used].join(', ')}`);
  },
};
