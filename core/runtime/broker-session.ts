import type {
  Broker,
  BrokerCapabilities,
  BrokerOutcome,
  BrokerSink,
  BrokerStatus,
} from '@omniquant/plugin-sdk';

import type { BrokerView } from '../engine/decide-context.ts';
import type { BrokerConnector, BrokerRef } from '../ports/broker-connector.ts';
import type { OrderRow } from '../ports/read-model.ts';
import type { AccountActor } from './account-actor.ts';
import { type AccountLink, createAccountLink } from './account-link.ts';
import { createBrokerConnection } from './broker-connection.ts';
import type { BrokerEnvironment } from './broker-environment.ts';
import { createBrokerRequests } from './broker-requests.ts';
import type { BrokerSend } from './broker-send.ts';
import { createWorkLimit } from './work-limit.ts';

/** Market data of a connection, as it comes. */
export type MarketSink = Pick<BrokerSink, 'quote' | 'trade' | 'clock' | 'settled'>;

export interface BrokerSessionOptions {
  readonly env: BrokerEnvironment;
  readonly ref: BrokerRef;
  readonly connector: BrokerConnector;
  readonly connectTimeoutMs: number;
  readonly market: MarketSink;
  /** The connection is there (again): its market data may be asked for. */
  onReady(broker: Broker): void;
}

export interface BrokerSessionStatus {
  readonly ref: BrokerRef;
  readonly state: BrokerStatus['state'];
  readonly reason: string | null;
  readonly accounts: number;
  readonly synced: number;
  readonly inDoubt: number;
  /** Age of the oldest doubt, ms. */
  readonly oldestDoubtMs: number | null;
  readonly differences: number;
}

/**
 * One connection to a venue and the accounts behind it. It holds no truth: what is sent comes from
 * committed events, what arrives goes to the accounts as commands, and after a loss everything is asked
 * for anew.
 */
export interface BrokerSession {
  readonly ref: BrokerRef;
  readonly broker: Broker | null;
  /** Of the connection; of the last one while there is none. */
  readonly capabilities: BrokerCapabilities;
  view(accountId: string): BrokerView;
  /** The account is to be brought in line with the venue, for the first time or (its state was read anew) again. */
  attach(actor: AccountActor): void;
  /** Resolves when it is in line. */
  whenSynced(accountId: string): Promise<void>;
  detach(actor: AccountActor): void;
  /** A commit of the account: its orders as they stand now, and what they ask of the venue. */
  committed(actor: AccountActor, orders: readonly OrderRow[], sends: readonly BrokerSend[]): void;
  /** Whether a request of the account is under way. */
  isBusy(accountId: string): boolean;
  /** Resolves when none is. */
  whenIdle(accountId: string): Promise<void>;
  run(): void;
  status(): BrokerSessionStatus;
  /** See BrokerConnection. */
  settingsAre(revision: string): void;
  close(): Promise<void>;
}

/** Accounts that ask the venue for orders, fills or figures at a time. */
const PARALLEL_SYNCS = 32;

export function createBrokerSession(options: BrokerSessionOptions): BrokerSession {
  const { env, ref, connector } = options;
  const { clock, telemetry } = env;
  const links = new Map<string, AccountLink>();
  const syncLimit = createWorkLimit(PARALLEL_SYNCS);
  let capabilities = NO_CAPABILITIES;
  let status: BrokerStatus = { state: 'CONNECTING', reason: 'the connection has not been opened yet' };

  const readyBroker = (): Broker | null => (status.state === 'READY' ? connection.broker : null);

  const requests = createBrokerRequests({
    env,
    brokerId: ref.broker,
    broker: () => connection.broker,
    onOutcome,
  });

  function onOutcome(actor: AccountActor, send: BrokerSend, outcome: BrokerOutcome): void {
    // A cancel that did not go out stays asked for: the resolver of doubts asks again when it can.
    if (send.kind === 'cancel' && outcome.kind === 'notSent') {
      return;
    }
    const { orderId, revision, traceparent } = send;
    if (!actor.post({ kind: 'brokerOutcome', request: send.kind, orderId, revision, outcome }, traceparent)) {
      links.get(actor.entry.accountId)?.loseOutcome();
    }
  }

  function setStatus(next: BrokerStatus): void {
    const wasReady = status.state === 'READY';
    status = next;
    telemetry.gauge('broker_ready', next.state === 'READY' ? 1 : 0, {
      broker: ref.broker,
      connection: ref.connection,
    });
    if (next.state !== 'READY') {
      telemetry.log('warn', 'a broker connection is not ready', { ...ref, ...next });
    }
    if (wasReady || next.state === 'READY') {
      for (const link of links.values()) {
        link.markStale();
      }
    }
    becomeReady();
  }

  function becomeReady(): void {
    const connected = readyBroker();
    if (connected !== null) {
      options.onReady(connected);
      run();
    }
  }

  const sink: BrokerSink = {
    event(event) {
      links.get(event.account)?.deliver(event);
    },
    status: setStatus,
    quote: options.market.quote,
    trade: options.market.trade,
    clock: options.market.clock,
    ...(options.market.settled !== undefined && { settled: options.market.settled }),
  };

  function run(): void {
    for (const link of links.values()) {
      link.run();
    }
  }

  const connection = createBrokerConnection({
    ref,
    connector,
    clock,
    telemetry,
    timeoutMs: options.connectTimeoutMs,
    sink,
    onOpened(opened) {
      capabilities = opened.capabilities;
      becomeReady();
    },
  });

  return {
    ref,
    get broker() {
      return connection.broker;
    },
    get capabilities() {
      return capabilities;
    },
    view(accountId) {
      const isSynced = links.get(accountId)?.isSynced === true;
      if (status.state === 'READY' && isSynced && connection.broker !== null) {
        return { ready: true, reason: null, capabilities };
      }
      const reason = status.state === 'READY' ? 'orders and fills are being asked for' : status.reason;
      return { ready: false, reason, capabilities };
    },
    attach(actor) {
      const { accountId } = actor.entry;
      const known = links.get(accountId);
      const link =
        known?.actor === actor
          ? known
          : createAccountLink({
              env,
              actor,
              brokerId: ref.broker,
              requests,
              limit: syncLimit,
              broker: readyBroker,
            });
      links.set(accountId, link);
      link.loaded();
      link.run();
    },
    whenSynced: (accountId) => links.get(accountId)?.whenSynced() ?? Promise.resolve(),
    detach(actor) {
      const { accountId } = actor.entry;
      if (links.get(accountId)?.actor === actor) {
        links.delete(accountId);
        connection.broker?.detach(accountId);
      }
    },
    committed(actor, orders, sends) {
      const link = links.get(actor.entry.accountId);
      if (link?.actor !== actor) {
        return;
      }
      link.noteOrders(orders.map(({ record }) => record));
      if (sends.length > 0) {
        requests.send(actor, sends);
      }
    },
    isBusy: (accountId) => requests.isAccountBusy(accountId),
    whenIdle: (accountId) => requests.whenIdle(accountId),
    run,
    status() {
      const all = [...links.values()];
      const oldest = all.flatMap((link) => link.oldestDoubt ?? []).sort((a, b) => a - b)[0];
      return {
        ref,
        state: status.state,
        reason: status.state === 'READY' ? null : status.reason,
        accounts: all.length,
        synced: all.filter((link) => link.isSynced).length,
        inDoubt: all.reduce((sum, link) => sum + link.inDoubt, 0),
        oldestDoubtMs: oldest === undefined ? null : clock.monotonic() - oldest,
        differences: all.reduce((sum, link) => sum + link.differences, 0),
      };
    },
    settingsAre(revision) {
      connection.settingsAre(revision);
    },
    async close() {
      await connection.close();
      links.clear();
    },
  };
}

/** Before a connection has told what its venue can do: nothing. */
const NO_CAPABILITIES: BrokerCapabilities = {
  orderTypes: [],
  timesInForce: [],
  notional: false,
  fractional: false,
  shortSelling: false,
  postOnly: false,
  reduceOnly: false,
  displayQuantity: false,
  extendedHours: false,
  replace: false,
  refusesDuplicates: false,
  settleMs: 0,
  buyingPowerMultiplier: '1',
  fees: { perUnit: '0', rate: '0', minimum: '0' },
};
