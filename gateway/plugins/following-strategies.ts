import {
  type HostedStrategy,
  HostedStrategyError,
  type OpenStrategy,
  type StrategyHost,
} from '../../core/ports/strategy-host.ts';
import type { PlacedStrategy, StrategyPlaces } from './isolation/placed-strategy.ts';
import { isolationOf } from './load-plugin.ts';
import type { PluginHost, RegisteredExtension } from './plugin-host.ts';
import { PluginStopped } from './plugin-stopped.ts';
import { absentOptimizer, optimizersFor } from './strategy-optimizers.ts';

type Plugins = Pick<PluginHost, 'extension' | 'onChange' | 'plugins' | 'settled'>;

/** A strategy with all that it lives no longer than: its own extension, and those that it uses. */
interface Found {
  readonly placed: PlacedStrategy;
  readonly needed: readonly Needed[];
}

type Needed = Pick<RegisteredExtension, 'definition' | 'signal'>;

/**
 * Finds the code of strategies and of what they use. They live no longer than the plugins of it do: each ends with
 * PLUGIN_NOT_FOUND or STRATEGY_OPTIMIZER_NOT_FOUND when one is disabled, and with PLUGIN_REPLACED when one was started
 * anew.
 */
export function followPlugins(host: Plugins, strategies: StrategyPlaces): StrategyHost {
  return {
    async open(opening, signal) {
      const { needed, placed } = await find(host, opening).catch(async (error: unknown) => {
        if (!(error instanceof HostedStrategyError) || error.missing === null) throw error;
        // It may be about to come back.
        await host.settled();
        return find(host, opening);
      });
      const either = AbortSignal.any([signal, ...needed.map((one) => one.signal)]);
      const orEnded = (error: unknown): never => {
        throw endOf(needed) ?? error;
      };
      if (either.aborted) orEnded(either.reason);
      return following(await strategies.open(placed, either).catch(orEnded), needed);
    },
    whenThere({ id, kind }, signal) {
      return new Promise((resolve) => {
        const look = (): void => {
          if (host.extension(kind, id) === null && !signal.aborted) return;
          unsubscribe();
          signal.removeEventListener('abort', look);
          resolve();
        };
        const unsubscribe = host.onChange(look);
        signal.addEventListener('abort', look, { once: true });
        look();
      });
    },
  };
}

async function find(host: Plugins, opening: OpenStrategy): Promise<Found> {
  const { config, interval, strategy, symbols } = opening.terms;
  const own = host.extension('strategy', strategy);
  if (own === null) throw absentStrategy(strategy);
  const optimizers = await optimizersFor(host, own, config, { symbols, interval });
  return {
    needed: [own, ...optimizers.map(({ extension }) => extension)],
    placed: {
      ...opening,
      specifier: own.specifier,
      isolation: isolationOf(own.entry),
      optimizers: optimizers.map(({ assigned }) => assigned),
    },
  };
}

function following(hosted: HostedStrategy, needed: readonly Needed[]): HostedStrategy {
  let tellDeath: (error: unknown) => void = () => undefined;
  const died = new Promise<never>((_, reject) => (tellDeath = reject));
  died.catch(() => undefined);
  const end = (): void => {
    tellDeath(endOf(needed));
    void hosted.close();
  };
  for (const { signal } of needed) signal.addEventListener('abort', end, { once: true });
  hosted.died.catch((error: unknown) => {
    for (const { signal } of needed) signal.removeEventListener('abort', end);
    tellDeath(error);
  });
  if (endOf(needed) !== null) end();
  const orEnded = (error: unknown): never => {
    throw endOf(needed) ?? error;
  };
  return {
    inputs: hosted.inputs,
    remembers: hosted.remembers,
    died,
    warm: (bars) => hosted.warm(bars).catch(orEnded),
    run: (inputs, portfolio, save) => hosted.run(inputs, portfolio, save).catch(orEnded),
    close: () => hosted.close(),
  };
}

const absentStrategy = (id: string): HostedStrategyError =>
  new HostedStrategyError('PLUGIN_NOT_FOUND', `no plugin in use has the strategy ${id}`, {
    isHopeless: true,
    missing: { kind: 'strategy', id },
  });

/** Why it cannot go on with these; null when it can. */
function endOf(needed: readonly Needed[]): HostedStrategyError | null {
  const gone = needed.find(({ signal }) => signal.aborted);
  if (gone === undefined) return null;
  const { id, kind } = gone.definition;
  const reason: unknown = gone.signal.reason;
  if (reason instanceof PluginStopped && reason.isReplaced) {
    return new HostedStrategyError('PLUGIN_REPLACED', `the plugin of ${kind} ${id} was started anew`);
  }
  return kind === 'optimizer' ? absentOptimizer(id) : absentStrategy(id);
}
