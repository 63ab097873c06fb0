import type { Broker, BrokerSink, BrokerStatus } from '@omniquant/plugin-sdk';

import type { BrokerConnector, BrokerRef } from '../ports/broker-connector.ts';
import type { Clock } from '../ports/clock.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import { pause, withDeadline } from './deadline.ts';

export interface BrokerConnectionOptions {
  readonly ref: BrokerRef;
  readonly connector: BrokerConnector;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  /** For opening and for closing. */
  readonly timeoutMs: number;
  /** Nothing more comes from a broker that was replaced. */
  readonly sink: BrokerSink;
  onOpened(broker: Broker): void;
}

/**
 * What keeps one broker open:
 *
 *   opening --opened--> open --settings changed--> closing --closed--> opening ...      close: from anywhere
 *
 * Opening is tried until it succeeds, with the settings as they are then. What happens on an open
 * connection (a loss, a reconnect) is the broker's own affair, told through the sink.
 */
export interface BrokerConnection {
  /** Null unless open. */
  readonly broker: Broker | null;
  /** Tells which settings hold now: a connection that was opened with others is replaced. */
  settingsAre(revision: string): void;
  close(): Promise<void>;
}

const RECONNECT_FROM_MS = 500;
const RECONNECT_TO_MS = 10_000;

export function createBrokerConnection(options: BrokerConnectionOptions): BrokerConnection {
  const { ref, connector, clock, telemetry, timeoutMs, sink } = options;
  let isClosing = false;
  /** Of the present broker, from the first attempt to open it. */
  let life = new AbortController();
  let broker: Broker | null = null;
  let revision: string | null = null;

  function sinkOf({ signal }: AbortController): BrokerSink {
    const tell =
      <K extends Exclude<keyof BrokerSink, 'settled'>>(kind: K) =>
      (message: Parameters<BrokerSink[K]>[0]): void => {
        if (!signal.aborted) {
          (sink[kind] as (message: Parameters<BrokerSink[K]>[0]) => void)(message);
        }
      };
    const settled = sink.settled?.bind(sink);
    return {
      ...(settled !== undefined && { settled }),
      event: tell('event'),
      status: tell('status'),
      quote: tell('quote'),
      trade: tell('trade'),
      clock: tell('clock'),
    };
  }

  /** One that comes after its deadline, or after its life has ended, is closed again. */
  async function attempt(own: AbortController, signal: AbortSignal): Promise<Broker> {
    const [latest = ''] = await connector.revisions([ref], signal);
    revision = latest;
    const opened = await connector.connect(ref, sinkOf(own), signal);
    if (signal.aborted) {
      await opened.close();
    }
    return opened;
  }

  async function open(own: AbortController): Promise<void> {
    const isOver = (): boolean => own.signal.aborted;
    for (let wait = RECONNECT_FROM_MS; !isOver(); wait = Math.min(wait * 2, RECONNECT_TO_MS)) {
      try {
        const connecting = (signal: AbortSignal): Promise<Broker> => attempt(own, signal);
        const opened = await withDeadline(clock, timeoutMs, 'the broker', connecting, own.signal);
        if (!isOver()) {
          broker = opened;
          options.onOpened(opened);
        }
        return;
      } catch (error) {
        const reason = error instanceof Error ? error.message : 'the connection could not be opened';
        if (!isOver()) {
          sink.status({ state: 'CONNECTING', reason });
        }
      }
      await pause(clock, wait, own.signal);
    }
  }

  async function shut(): Promise<void> {
    const open = broker;
    broker = null;
    if (open !== null) {
      await withDeadline(clock, timeoutMs, 'closing the broker', () => open.close()).catch(
        (error: unknown) => {
          telemetry.log('warn', 'a broker connection did not close well', { ...ref, error });
        },
      );
    }
  }

  async function keepOpen(): Promise<void> {
    while (!isClosing) {
      const own = new AbortController();
      life = own;
      await open(own);
      await aborted(own.signal);
      await shut();
    }
  }

  const keeping = keepOpen();

  return {
    get broker() {
      return broker;
    },
    settingsAre(latest) {
      if (revision !== null && latest !== revision && !life.signal.aborted) {
        life.abort();
        sink.status(SETTINGS_CHANGED);
      }
    },
    async close() {
      isClosing = true;
      life.abort();
      await keeping;
    },
  };
}

const SETTINGS_CHANGED: BrokerStatus = {
  state: 'CONNECTING',
  reason: 'settings or credentials have changed: the connection is being opened anew',
};

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
    } else {
      signal.addEventListener('abort', () => {
        resolve();
      });
    }
  });
}
