import { Random } from '@omniquant/plugin-sdk/random';

import type { Bus } from '../../core/ports/bus.ts';
import type { Failpoint } from '../../core/ports/failpoints.ts';
import { type Forwarder, NotOwnerError } from '../../core/ports/forwarder.ts';
import type { GatewayTrading } from '../../core/ports/gateway-state.ts';
import { type Journal, JournalError } from '../../core/ports/journal.ts';
import type { Telemetry } from '../../core/ports/telemetry.ts';
import { UnavailableError } from '../../core/runtime/command-reply.ts';
import { createTradingRuntime, type TradingRuntime } from '../../core/runtime/trading-runtime.ts';
import { createInProcessHost } from '../../core/strategies/in-process-host.ts';
import type { MemoryBusLine } from '../support/memory-bus.ts';
import type { VirtualClock } from '../support/virtual-clock.ts';
import { type Line, type NetworkPort, overLines, portOverLines } from './network.ts';
import { ProcessLife } from './process-life.ts';
import type { SimulatedVenue } from './simulated-venue.ts';
import { SIMULATION_SETTINGS } from './simulation-settings.ts';
import { type AppendOutcome, failingJournal, type SimulatedStore } from './stores.ts';
import { findStrategy } from './strategies.ts';
import { createVenueConnector, type VenueConnector, type VenueLine } from './venue-connector.ts';

/** What outlives the gateways, and what lies between it and them. */
export interface Surroundings {
  readonly clock: VirtualClock;
  readonly store: SimulatedStore;
  /** How the next appends end, whoever makes them. */
  readonly appends: AppendOutcome[];
  readonly venue: SimulatedVenue;
  readonly bus: MemoryBusLine;
  /** The database itself, for all gateways. */
  readonly storeLine: Line;
  readonly refusesDuplicates: boolean;
  readonly trading: GatewayTrading;
  /** The process that listens at an address, if one does. */
  at(address: string): GatewayLife | undefined;
  /** Something that must never be logged was: a fault of ours. */
  onFault(gateway: string, message: string, fields: unknown): void;
  onDeath(gateway: GatewayLife): void;
}

/** One life of a gateway: from its start until it dies or has closed. */
export interface GatewayLife {
  readonly name: string;
  readonly runtime: TradingRuntime;
  readonly life: ProcessLife;
  readonly venue: VenueConnector;
  readonly lines: { readonly store: Line; readonly peers: Line; readonly venue: VenueLine };
  /** What happens when the point is passed for the n-th time from now on. */
  at(point: Failpoint, passage: number, act: (gateway: GatewayLife) => void): void;
  /** Nothing happens any more at any point. */
  disarm(): void;
  kill(): void;
}

/** Logged at error level only when the code is wrong, whatever its surroundings do. */
const FAULTS = new Set([
  'a decision failed',
  'a batch could not be made',
  'a commit could not be made known',
  'the journal refuses what was decided',
  'an account cannot be loaded',
]);

export function startGatewayLife(
  name: string,
  number: number,
  seed: number,
  around: Surroundings,
): GatewayLife {
  const { clock } = around;
  const ports = around.store.connect();
  const random = Random.fromSeed(seed, name, number);
  const life = new ProcessLife(clock);
  const lines: GatewayLife['lines'] = {
    store: { state: 'up', latencyMs: 8 },
    peers: { state: 'up', latencyMs: 4 },
    venue: { state: 'up', latencyMs: 20, lossRate: 0, isHalfOpen: false },
  };
  const passages = new Map<Failpoint, { left: number; readonly act: (gateway: GatewayLife) => void }[]>();
  const toStore: NetworkPort = {
    ...{ life, clock, random, lines: [lines.store, around.storeLine] },
    errors: {
      notArrived: () => new JournalError('NOT_COMMITTED', 'the store cannot be reached'),
      unknown: () => new JournalError('UNKNOWN', 'the store did not answer'),
    },
  };
  const bus = mortalBus(around.bus.connect(), life);
  const venue = createVenueConnector({
    ...{ venue: around.venue, life, clock, random, line: lines.venue },
    refusesDuplicates: around.refusesDuplicates,
  });
  let ids = 0;
  const runtime = createTradingRuntime({
    journal: journalOverLines(failingJournal(ports.journal, around.appends), toStore),
    archive: portOverLines(ports.archive, toStore),
    directory: portOverLines(ports.directory, toStore),
    leases: portOverLines(ports.leases, toStore),
    gatewayState: portOverLines({ read: () => Promise.resolve(around.trading) }, toStore),
    bus,
    clock: life.clock,
    ids: { next: () => `${name}.${String(number)}.${String((ids += 1))}` },
    chance: { next: () => random.fraction() },
    telemetry: silentTelemetry((message, fields) => {
      if (FAULTS.has(message)) around.onFault(name, message, fields);
    }),
    failpoints: {
      hit(point) {
        for (const waiting of passages.get(point) ?? []) {
          waiting.left -= 1;
          if (waiting.left === 0) waiting.act(gateway);
        }
      },
    },
    connector: venue,
    strategyHost: createInProcessHost(findStrategy),
    forwarder: forwarderOf(around, lines.peers, life, random),
    settings: SIMULATION_SETTINGS,
    owner: `${name}#${String(number)}`,
    address: name,
  });
  const gateway: GatewayLife = {
    ...{ name, runtime, life, venue, lines },
    at(point, passage, act) {
      passages.set(point, [...(passages.get(point) ?? []), { left: passage, act }]);
    },
    disarm() {
      passages.clear();
    },
    kill() {
      if (life.isDead) return;
      life.kill();
      around.onDeath(gateway);
    },
  };
  return gateway;
}

function journalOverLines(journal: Journal, network: NetworkPort): Journal {
  return {
    append: (batches, signal) => overLines(network, signal, () => journal.append(batches, signal)),
    takeOver: (shard, epoch, signal) =>
      overLines(network, signal, () => journal.takeOver(shard, epoch, signal)),
    latestSnapshot: (accountId, signal) =>
      overLines(network, signal, () => journal.latestSnapshot(accountId, signal)),
    saveSnapshot: (snapshot, epoch, signal) =>
      overLines(network, signal, () => journal.saveSnapshot(snapshot, epoch, signal)),
    async *read(accountId, afterSeq, signal) {
      const pages = journal.read(accountId, afterSeq, signal)[Symbol.asyncIterator]();
      for (;;) {
        const page = await overLines(network, signal, () => pages.next());
        if (page.done === true) return;
        yield page.value;
      }
    },
  };
}

function mortalBus(bus: Bus, life: ProcessLife): Bus {
  return {
    publish(topic, message) {
      if (life.isRunning) bus.publish(topic, message);
    },
    subscribe: (topic, listener) =>
      bus.subscribe(topic, (message) => {
        life.hear(() => {
          listener(message);
        });
      }),
    close: () => bus.close(),
  };
}

/** Over the line here and the line there, into the other process. */
function forwarderOf(around: Surroundings, line: Line, life: ProcessLife, random: Random): Forwarder {
  const errors = {
    notArrived: () => new UnavailableError('NOT_PLACED', 'the owner cannot be reached'),
    unknown: () => new UnavailableError('UNKNOWN', 'the owner did not answer'),
  };
  async function forward<T>(
    address: string,
    accountId: string,
    request: (owner: GatewayLife) => Promise<T>,
  ): Promise<T> {
    const owner = around.at(address);
    if (owner === undefined) throw errors.notArrived();
    const lines = [line, owner.lines.peers];
    return await overLines({ life, clock: around.clock, random, lines, errors }, null, async () => {
      await owner.life.awake();
      // Whoever restarted at that address knows nothing of the former owner's accounts.
      if (around.at(address) !== owner) throw new NotOwnerError(accountId);
      const answer = await request(owner);
      await owner.life.awake();
      return answer;
    });
  }
  return {
    executeAll: (address, accountId, commands, meta) =>
      forward(address, accountId, ({ runtime }) => runtime.local.executeAll(accountId, commands, meta)),
    preview: (address, accountId, command, meta) =>
      forward(address, accountId, ({ runtime }) => runtime.local.preview(accountId, command, meta)),
  };
}

function silentTelemetry(onError: (message: string, fields: unknown) => void): Telemetry {
  const nothing = (): void => undefined;
  const span = {
    traceparent: `00-${'1'.repeat(32)}-${'1'.repeat(16)}-00`,
    set: nothing,
    fail: nothing,
    end: nothing,
  };
  return {
    span: () => span,
    count: nothing,
    observe: nothing,
    gauge: nothing,
    log(level, message, fields) {
      if (level === 'error') onError(message, fields);
    },
  };
}
