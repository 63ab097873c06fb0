import type { Bus } from '../../core/ports/bus.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Telemetry } from '../../core/ports/telemetry.ts';
import { withDeadline } from '../../core/runtime/deadline.ts';
import { createRepeating } from '../../core/runtime/repeating.ts';
import type { PluginControls } from './plugin-controls.ts';
import type { PluginHost } from './plugin-host.ts';

export interface PluginFollowerOptions {
  readonly store: {
    version(signal: AbortSignal): Promise<number>;
    load(signal: AbortSignal): Promise<PluginControls>;
  };
  readonly host: Pick<PluginHost, 'apply' | 'controls' | 'settled'>;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly telemetry: Pick<Telemetry, 'log'>;
}

/** Has this process do what operators set of plugins, here or at another gateway: on a hint, and by looking. */
export interface PluginFollower {
  /** Resolves when what was set before the call holds here. Rejects when it cannot be read. */
  follow(): Promise<void>;
  /** `follow`, and tells the other gateways. */
  announce(): Promise<void>;
  close(): void;
}

const LOOK_EVERY_MS = 2_000;
const TIMEOUT_MS = 5_000;

export function createPluginFollower(options: PluginFollowerOptions): PluginFollower {
  const { bus, clock, host, store, telemetry } = options;
  const repeating = createRepeating(clock);
  let isFailing = false;

  async function follow(): Promise<void> {
    const controls = await withDeadline(clock, TIMEOUT_MS, 'the settings of plugins', async (signal) =>
      (await store.version(signal)) === host.controls.version ? null : store.load(signal),
    );
    await (controls === null ? host.settled() : host.apply(controls));
  }

  /** Nobody waits for it, and the next look may go better. */
  function look(): void {
    follow().then(
      () => (isFailing = false),
      (error: unknown) => {
        // Once for each outage, not with every look during it.
        telemetry.log(isFailing ? 'debug' : 'warn', 'settings of plugins could not be followed', { error });
        isFailing = true;
      },
    );
  }

  repeating.every(LOOK_EVERY_MS, look);
  const unsubscribe = bus.subscribe('plugins', look);

  return {
    follow,
    async announce() {
      bus.publish('plugins', {});
      await follow();
    },
    close() {
      unsubscribe();
      repeating.close();
    },
  };
}
