import { toNumber } from '../../decimal.ts';
import { StrategyError } from '../../strategy-error.ts';
import type { Bar } from '../../strategy-inputs.ts';
import type { StrategyReplay } from '../replay/strategy-replay.ts';
import type { Refusal } from '../replay-options.ts';
import { jsonProblem } from './json-problem.ts';
import { Finding, type Kit, type KitCase, type KitReplay, onlyGivenSymbols, shown } from './kit.ts';

const REFUSALS: readonly Refusal[] = [
  { status: 'REJECTED', reason: 'the kit rejects it' },
  { status: 'DENIED', reason: 'the kit denies it' },
];

/** Every order rejected, every order denied, and one or the other or neither by chance. */
const refusing = (kit: Kit): readonly NonNullable<KitReplay['refuse']>[] => {
  const random = kit.random('refusals');
  return [() => REFUSALS[0] ?? null, () => REFUSALS[1] ?? null, () => REFUSALS[random.integer(0, 3)] ?? null];
};

/** Bars that have so little volume that no order is filled at once. */
const thin = (kit: Kit, bars: readonly Bar[]): Bar[] => {
  const largest = new Map<string, bigint>();
  for (const { filled, symbol } of kit.play(bars).orders.all) {
    if (filled > (largest.get(symbol) ?? 0n)) largest.set(symbol, filled);
  }
  return bars.map((bar) => {
    const size = largest.get(bar.symbol);
    return size === undefined ? bar : { ...bar, volume: toNumber(size) };
  });
};

const roughVenue = (kit: Kit): KitReplay => {
  const random = kit.random('rough venue');
  return { maxVolumeShare: '0.4', venueCancels: () => random.chance(0.1) };
};

export const refusalsCase: KitCase = {
  number: 'S7',
  title: 'when its orders are rejected and denied it goes on, without a flood of new ones',
  run(kit) {
    const bars = kit.bars('refusals');
    for (const refuse of refusing(kit)) kit.play(bars, { refuse, probe: kit.floodGate() });
  },
};

export const partsCase: KitCase = {
  number: 'S8',
  title: 'fills in parts and cancels by the venue neither stop it nor set off a flood',
  run(kit) {
    const bars = thin(kit, kit.bars('parts'));
    kit.play(bars, { ...roughVenue(kit), probe: kit.floodGate() });
  },
};

const PLAIN: KitReplay = {};

/** That it breaks down at a rough venue is for S7 and S8 to say; here counts what it has asked for until then. */
const playOn = (replay: StrategyReplay, isRough: boolean): void => {
  try {
    replay.play();
    replay.stop();
  } catch (error) {
    const isBadEffect = error instanceof StrategyError && error.code === 'STRATEGY_BAD_EFFECT';
    if (!isRough || isBadEffect || error instanceof Finding) throw error;
  }
};

/** Names that orders have had, up to each effect. */
const onlyKnownRefs = ({ effects, orders }: StrategyReplay): void => {
  const placed = new Map(orders.all.map(({ placedAt, ref }) => [ref, placedAt] as const).reverse());
  for (const { at, effect } of effects) {
    if (effect.type !== 'cancel' && effect.type !== 'replace') continue;
    if ((placed.get(effect.ref) ?? Infinity) <= at) continue;
    throw new Finding(`no order has ever been called so: ${shown(effect)}`);
  }
};

export const effectsCase: KitCase = {
  number: 'S10',
  title: 'its effects are well-formed, of its own symbols and of its own orders',
  run(kit) {
    const bars = kit.bars('effects');
    const probe = {
      malformed(message: string) {
        throw new Finding(message);
      },
    };
    const runs: readonly KitReplay[] = [
      PLAIN,
      roughVenue(kit),
      ...refusing(kit).map((refuse) => ({ refuse })),
    ];
    for (const run of runs) {
      const replay = kit.prepare(run.maxVolumeShare === undefined ? bars : thin(kit, bars), {
        ...run,
        probe,
      });
      playOn(replay, run !== PLAIN);
      onlyKnownRefs(replay);
      onlyGivenSymbols(kit, replay.effects);
      for (const { effect } of replay.effects) {
        const problem = effect.type === 'log' ? jsonProblem(effect.data, 'data of a log') : null;
        if (problem !== null) throw new Finding(problem);
      }
    }
  },
};
