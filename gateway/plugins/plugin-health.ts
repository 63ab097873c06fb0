import type { Clock } from '../../core/ports/clock.ts';
import type { Telemetry } from '../../core/ports/telemetry.ts';
import { withDeadline } from '../../core/runtime/deadline.ts';
import { createRepeating } from '../../core/runtime/repeating.ts';
import type { PluginHost } from './plugin-host.ts';
import type { PluginStanding } from './plugin-slot.ts';
import type { RunningPlugin } from './running-plugin.ts';

/** How plugins say they are. */
export interface PluginHealthWatch {
  /** What is wrong with one that is in use, in words; null when nothing is. */
  problemOf(standing: PluginStanding): string | null;
  /** Asks all of them. */
  look(): Promise<void>;
  close(): void;
}

export interface PluginHealthOptions {
  readonly host: Pick<PluginHost, 'onChange' | 'standings'>;
  readonly clock: Clock;
  readonly telemetry: Pick<Telemetry, 'gauge' | 'log'>;
}

const LOOK_EVERY_MS = 10_000;
const TIMEOUT_MS = 2_000;

/** Asks those in use at intervals, each with a deadline. One that throws is DEGRADED and goes on. */
export function watchPluginHealth({ clock, host, telemetry }: PluginHealthOptions): PluginHealthWatch {
  const repeating = createRepeating(clock);
  /** Of one life: a plugin that was started anew is well until it says otherwise. */
  const problems = new WeakMap<RunningPlugin, string>();
  const asked = new WeakSet<RunningPlugin>();

  async function ask({ loaded: { plugin } }: RunningPlugin): Promise<string | null> {
    const health = plugin.health?.bind(plugin);
    if (health === undefined) return null;
    try {
      const answer = await withDeadline(clock, TIMEOUT_MS, 'its health check', health);
      return answer.status === 'DEGRADED' ? answer.message : null;
    } catch (error) {
      return `its health check failed: ${error instanceof Error ? error.message : String(error)}`;
    }
  }

  async function lookAt(standing: PluginStanding): Promise<void> {
    const { name, running } = standing;
    // One that is still at its last answer is not asked again meanwhile.
    if (running === null || asked.has(running)) return;
    asked.add(running);
    const before = problems.get(running) ?? null;
    const now = await ask(running);
    asked.delete(running);
    if (now === null) problems.delete(running);
    else problems.set(running, now);
    if (now !== before) {
      telemetry.log(
        now === null ? 'info' : 'warn',
        now === null ? 'a plugin is well again' : 'a plugin is degraded',
        {
          plugin: name,
          ...(now === null ? {} : { problem: now }),
        },
      );
    }
    measure();
  }

  const problemOf = ({ running }: PluginStanding): string | null =>
    running === null ? null : (problems.get(running) ?? null);

  function measure(): void {
    for (const standing of host.standings) {
      const labels = { plugin: standing.name };
      const isUp = standing.state === 'RUNNING';
      telemetry.gauge('plugin_up', isUp ? 1 : 0, labels);
      telemetry.gauge('plugin_ready', isUp && problemOf(standing) === null ? 1 : 0, labels);
    }
  }

  const look = async (): Promise<void> => {
    await Promise.all(host.standings.map(lookAt));
  };

  measure();
  const unsubscribe = host.onChange(measure);
  repeating.every(LOOK_EVERY_MS, () => void look());
  return {
    problemOf,
    look,
    close() {
      unsubscribe();
      repeating.close();
    },
  };
}
