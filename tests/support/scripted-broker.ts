import type {
  Broker,
  BrokerCapabilities,
  BrokerEvent,
  BrokerOutcome,
  BrokerSink,
  VenueBar,
  VenueInstrument,
} from '@omniquant/plugin-sdk';

import type { Clock } from '../../core/ports/clock.ts';
import type { ScriptedOrder, ScriptedRecords } from './scripted-records.ts';

/**
 * What becomes of a request. `lost`: never arrives, no answer. `unanswered`: arrives, no answer.
 * `late`: arrives 200 ms after the answer is given up. `silent`: arrives and is answered, but the order
 * stream says nothing of it.
 */
export type Behaviour = 'accept' | 'reject' | 'notSent' | 'lost' | 'unanswered' | 'late' | 'silent';

export type RequestKind = 'submit' | 'replace' | 'cancel';

export interface Connection {
  readonly sink: BrokerSink;
  readonly attached: Set<string>;
  isCut: boolean;
}

/** What a test sets of the venue while brokers are connected to it. */
export interface VenueTerms {
  capabilities: BrokerCapabilities;
  /** What it answers when it is asked for bars, oldest first. */
  readonly bars: VenueBar[];
  /** Why it has no bars for anybody, in words; null: it has. */
  barsProblem: string | null;
  /** Told when a gateway joins an account's order stream. */
  onAttach: (account: string) => void;
}

/** The venue as its brokers have it. */
export interface VenueSide {
  readonly clock: Clock;
  readonly instruments: readonly VenueInstrument[];
  readonly records: ScriptedRecords;
  readonly terms: VenueTerms;
  isReachable(): boolean;
  nextBehaviour(kind: RequestKind): Behaviour;
  arrived(kind: RequestKind, venueOrderId: string): void;
  emit(event: BrokerEvent): void;
}

const NEVER = new Promise<never>(() => undefined);

/** A connection to the scripted venue, as a gateway has it. */
export function createScriptedBroker(connection: Connection, side: VenueSide): Broker {
  const { clock, instruments, records, terms } = side;
  const { about } = records;

  /** A cut line gives no answers; an unreachable venue gives errors. */
  async function reach<T>(answer: () => T): Promise<T> {
    await Promise.resolve();
    if (connection.isCut) {
      return NEVER;
    }
    if (!side.isReachable()) {
      throw new Error('the venue cannot be reached');
    }
    return answer();
  }

  const tell = (event: BrokerEvent, behaviour: Behaviour): void => {
    if (behaviour !== 'silent') {
      side.emit(event);
    }
  };

  const land = (kind: RequestKind, venueOrderId: string, work: () => BrokerOutcome): BrokerOutcome => {
    side.arrived(kind, venueOrderId);
    return work();
  };

  const accepted = (order: ScriptedOrder): BrokerOutcome => ({
    kind: 'accepted',
    brokerOrderId: order.brokerOrderId,
    at: clock.now(),
  });

  const refused = (code: 'OTHER' | 'DUPLICATE_ORDER_ID' | 'UNKNOWN_ORDER'): BrokerOutcome => ({
    kind: 'rejected',
    code,
    message: `refused: ${code}`,
    at: clock.now(),
  });

  /** Runs a request as its script says; what is not answered is unknown once its signal is aborted. */
  async function perform(
    kind: RequestKind,
    venueOrderId: string,
    signal: AbortSignal,
    work: (behaviour: Behaviour) => BrokerOutcome,
  ): Promise<BrokerOutcome> {
    if (connection.isCut) {
      // A dead process sends nothing and hears nothing.
      return NEVER;
    }
    await Promise.resolve();
    const behaviour = side.nextBehaviour(kind);
    if (behaviour === 'notSent' || signal.aborted) {
      return { kind: 'notSent', reason: 'no byte was sent' };
    }
    if (behaviour === 'unanswered') {
      land(kind, venueOrderId, () => work(behaviour));
    }
    if (behaviour === 'lost' || behaviour === 'unanswered' || behaviour === 'late') {
      await new Promise<void>((resolve) => {
        signal.addEventListener('abort', () => {
          resolve();
        });
      });
      if (behaviour === 'late') {
        clock.after(200, () => land(kind, venueOrderId, () => work(behaviour)));
      }
      return { kind: 'unknown', reason: 'no answer' };
    }
    return land(kind, venueOrderId, () => work(behaviour));
  }

  return {
    get capabilities() {
      return terms.capabilities;
    },
    marketData: {
      instruments: () => reach(() => instruments),
      subscribe: () => undefined,
      bars: ({ symbol, interval, from, to, limit }) =>
        reach(() => {
          if (terms.barsProblem !== null) throw new Error(terms.barsProblem);
          return terms.bars
            .filter((bar) => bar.symbol === symbol && bar.interval === interval)
            .filter(({ at }) => at >= (from ?? 0) && at < (to ?? Number.POSITIVE_INFINITY))
            .slice(0, limit);
        }),
      clock: () => reach(() => ({ at: clock.now(), replayed: false, speed: 1 })),
    },
    attach: ({ account, baseCurrency, startingCash }) =>
      reach(() => {
        connection.attached.add(account);
        terms.onAttach(account);
        records.openAccount(account, baseCurrency, startingCash);
      }),
    detach: (account) => void connection.attached.delete(account),
    submit: (order, signal) =>
      perform('submit', order.venueOrderId, signal, (behaviour) => {
        if (records.orders.has(order.venueOrderId) && terms.capabilities.refusesDuplicates) {
          return refused('DUPLICATE_ORDER_ID');
        }
        if (behaviour === 'reject') {
          return refused('OTHER');
        }
        const made = records.makeOrder(order);
        tell({ kind: 'accepted', ...about(made), quantity: null }, behaviour);
        return accepted(made);
      }),
    replace: ({ previousVenueOrderId, order }, signal) =>
      perform('replace', order.venueOrderId, signal, (behaviour) => {
        const previous = records.orders.get(previousVenueOrderId);
        if (behaviour === 'reject' || previous?.status !== 'WORKING') {
          return refused('UNKNOWN_ORDER');
        }
        previous.status = 'REPLACED';
        const made = records.makeOrder(order);
        made.filled = previous.filled;
        tell({ kind: 'replaced', ...about(made) }, behaviour);
        return accepted(made);
      }),
    cancel: ({ venueOrderId }, signal) =>
      perform('cancel', venueOrderId, signal, (behaviour) => {
        const order = records.orders.get(venueOrderId);
        if (behaviour === 'reject' || order?.status !== 'WORKING') {
          return refused('UNKNOWN_ORDER');
        }
        order.status = 'CANCELED';
        tell({ kind: 'canceled', ...about(order), reason: null }, behaviour);
        return accepted(order);
      }),
    lookup: (account, venueOrderId) => reach(() => records.lookup(account, venueOrderId)),
    openOrders: (account) => reach(() => records.openOrders(account)),
    fillsSince: (account, cursor) => reach(() => records.fillsSince(account, cursor)),
    positions: (account) => reach(() => records.positions(account)),
    balances: (account) => reach(() => records.balances(account)),
    close() {
      connection.isCut = true;
      return Promise.resolve();
    },
  };
}
