import type { BrokerConnector } from '../ports/broker-connector.ts';
import type { Bus } from '../ports/bus.ts';
import type { Clock } from '../ports/clock.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import type { BrokerSession } from './broker-session.ts';
import { withDeadline } from './deadline.ts';

export interface SettingsWatchOptions {
  readonly connector: Pick<BrokerConnector, 'revisions'>;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly timeoutMs: number;
  readonly sessions: () => readonly BrokerSession[];
}

/** Connections whose settings or credentials were changed, anywhere: asked for at intervals, and on a hint of the bus. */
export interface SettingsWatch {
  poll(): Promise<void>;
  close(): void;
}

export function watchBrokerSettings(options: SettingsWatchOptions): SettingsWatch {
  const { bus, clock, connector, telemetry, timeoutMs } = options;

  async function look(sessions: readonly BrokerSession[]): Promise<void> {
    if (sessions.length === 0) {
      return;
    }
    try {
      const refs = sessions.map(({ ref }) => ref);
      const revisions = await withDeadline(clock, timeoutMs, 'the broker settings', (signal) =>
        connector.revisions(refs, signal),
      );
      sessions.forEach((session, index) => {
        session.settingsAre(revisions[index] ?? '');
      });
    } catch (error) {
      telemetry.log('warn', 'it could not be read whether broker settings have changed', { error });
    }
  }

  const unsubscribe = bus.subscribe('brokerSettings', ({ connection }) => {
    void look(options.sessions().filter(({ ref }) => ref.connection === connection));
  });

  return {
    poll: () => look(options.sessions()),
    close: unsubscribe,
  };
}
