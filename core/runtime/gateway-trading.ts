import type { TradingState } from '../engine/account-event.ts';
import type { Bus } from '../ports/bus.ts';
import type { Clock } from '../ports/clock.ts';
import type { GatewayStateReader, GatewayTrading } from '../ports/gateway-state.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import { withDeadline } from './deadline.ts';

export interface GatewayTradingOptions {
  readonly reader: GatewayStateReader;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly timeoutMs: number;
  onChanged(trading: GatewayTrading): void;
}

/** The gateway-wide kill switch as this process last read it: on a hint of the bus, and once a second. */
export interface GatewayTradingWatch {
  readonly state: TradingState;
  /** As last read; null before. */
  readonly latest: GatewayTrading | null;
  poll(): Promise<void>;
  close(): void;
}

export function watchGatewayTrading(options: GatewayTradingOptions): GatewayTradingWatch {
  const { bus, clock, reader, telemetry } = options;
  let latest: GatewayTrading | null = null;
  let polling: Promise<void> | null = null;
  let isFailing = false;

  async function read(): Promise<void> {
    try {
      const next = await withDeadline(clock, options.timeoutMs, 'the gateway state', (signal) =>
        reader.read(signal),
      );
      isFailing = false;
      if (latest === null || next.version > latest.version) {
        latest = next;
        options.onChanged(next);
      }
    } catch (error) {
      // Once for each outage, not with every look during it.
      const level = isFailing ? 'debug' : 'warn';
      telemetry.log(level, 'the gateway-wide trading state could not be read', { error });
      isFailing = true;
    }
  }

  function poll(): Promise<void> {
    polling ??= read().finally(() => {
      polling = null;
    });
    return polling;
  }

  const unsubscribe = bus.subscribe('gatewayState', ({ version }) => {
    if (latest === null || version > latest.version) {
      void poll();
    }
  });

  return {
    get state() {
      return latest?.state ?? 'ACTIVE';
    },
    get latest() {
      return latest;
    },
    poll,
    close: unsubscribe,
  };
}
