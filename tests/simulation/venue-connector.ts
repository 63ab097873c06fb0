import type {
  ApprovedOrder,
  Broker,
  BrokerEvent,
  BrokerOutcome,
  BrokerSink,
  OrderTerms,
  VenueInstrument,
} from '@omniquant/plugin-sdk';
import type { Random } from '@omniquant/plugin-sdk/random';

import type { BrokerConnector } from '../../core/ports/broker-connector.ts';
import { SCRIPTED_CAPABILITIES } from '../support/scripted-venue.ts';
import type { VirtualClock } from '../support/virtual-clock.ts';
import type { Line, NetworkPort } from './network.ts';
import { overLines } from './network.ts';
import type { ProcessLife } from './process-life.ts';
import { ASK, BID, type SimulatedVenue, SYMBOL } from './simulated-venue.ts';
import { REQUEST_TIMEOUT_MS } from './simulation-settings.ts';

/** After a request's deadline it may still arrive for so long. */
export const SETTLE_MS = 1_500;

/** How a line to the venue treats messages, beside what its state does to requests. */
export interface VenueLine extends Line {
  /** Messages of the stream that vanish without anybody noticing. */
  lossRate: number;
  /** The stream says nothing more, and the connection looks well. */
  isHalfOpen: boolean;
}

export interface VenueConnectorOptions {
  readonly venue: SimulatedVenue;
  readonly life: ProcessLife;
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly line: VenueLine;
  readonly refusesDuplicates: boolean;
}

/** The venue as one gateway process sees it. */
export interface VenueConnector extends BrokerConnector {
  deliver(event: BrokerEvent): void;
  quote(): void;
  /** The line went down or came back, and both ends noticed. */
  announce(isUp: boolean): void;
}

const AAPL: VenueInstrument = {
  ...{ symbol: SYMBOL, name: 'Apple', assetClass: 'EQUITY', currency: 'USD', tickSize: '0.01', lotSize: '1' },
  ...{ multiplier: '1', minQuantity: null, maxQuantity: null, shortable: true, fractionable: false },
  ...{ exchange: 'XNAS', calendar: 'ALWAYS' },
};

export function createVenueConnector(options: VenueConnectorOptions): VenueConnector {
  const { venue, life, clock, random, line } = options;
  const sinks = new Map<BrokerSink, Set<string>>();
  const network: NetworkPort = {
    ...{ life, clock, random, lines: [line] },
    errors: {
      notArrived: () => new Error('the venue cannot be reached'),
      unknown: () => new Error('the venue did not answer'),
    },
  };

  /** Everything on its way has its own delay: later messages may overtake. */
  function deliverTo(sink: BrokerSink, event: BrokerEvent): void {
    clock.after(random.integer(0, random.chance(0.2) ? 400 : 30), () => {
      if (line.state === 'cut' || line.isHalfOpen || !sinks.has(sink)) return;
      life.hear(() => {
        if (sinks.has(sink)) sink.event(event);
      });
    });
  }

  /** A request that changes something: what is not answered is unknown, and may arrive late. */
  async function order(signal: AbortSignal, arrive: () => BrokerOutcome): Promise<BrokerOutcome> {
    await life.awake();
    if (signal.aborted) return { kind: 'notSent', reason: 'the deadline has passed' };
    if (line.state === 'cut' && random.chance(0.5)) return { kind: 'notSent', reason: 'no connection' };
    const isLost = line.state === 'cut' || random.chance(line.lossRate);
    const isLate = random.chance(line.lossRate);
    const isUnanswered = line.state === 'ackless' || line.isHalfOpen || random.chance(line.lossRate);
    const unanswered = new Promise<BrokerOutcome>((resolve) => {
      signal.addEventListener('abort', () => {
        resolve({ kind: 'unknown', reason: 'no answer' });
      });
    });
    if (isLost) return await unanswered;
    const way = isLate ? REQUEST_TIMEOUT_MS + random.integer(0, SETTLE_MS) : random.integer(0, 20);
    const answer = new Promise<BrokerOutcome>((resolve) => {
      clock.after(way, () => {
        const outcome = arrive();
        if (isUnanswered) return;
        clock.after(random.integer(0, 20), () => {
          life.hear(() => {
            resolve(outcome);
          });
        });
      });
    });
    return await Promise.race([answer, unanswered]);
  }

  function brokerOf(sink: BrokerSink): Broker {
    const ask = <T>(signal: AbortSignal, request: () => T): Promise<T> => overLines(network, signal, request);
    return {
      capabilities: {
        ...SCRIPTED_CAPABILITIES,
        refusesDuplicates: options.refusesDuplicates,
        settleMs: SETTLE_MS,
      },
      marketData: {
        instruments: (signal) => ask(signal, () => [AAPL]),
        subscribe: quote,
        bars: (_request, signal) => ask(signal, () => []),
        clock: (signal) => ask(signal, () => ({ at: clock.now(), replayed: false, speed: 1 })),
      },
      attach: ({ account, startingCash }, signal) =>
        ask(signal, () => {
          venue.attach(account, startingCash);
          sinks.get(sink)?.add(account);
        }),
      detach: (account) => void sinks.get(sink)?.delete(account),
      submit: (approved, signal) =>
        order(signal, () => venue.submit(approved.account, approved.venueOrderId, termsOf(approved))),
      replace: ({ previousVenueOrderId, order: next }, signal) =>
        order(signal, () =>
          venue.replace(next.account, previousVenueOrderId, next.venueOrderId, termsOf(next)),
        ),
      cancel: ({ account, venueOrderId }, signal) => order(signal, () => venue.cancel(account, venueOrderId)),
      lookup: (account, id, signal) => ask(signal, () => venue.lookup(account, id)),
      openOrders: (account, signal) => ask(signal, () => venue.openOrders(account)),
      fillsSince: (account, cursor, signal) => ask(signal, () => venue.fillsSince(account, cursor)),
      positions: (account, signal) => ask(signal, () => venue.positions(account)),
      balances: (account, signal) => ask(signal, () => venue.balances(account)),
      close() {
        sinks.delete(sink);
        return Promise.resolve();
      },
    };
  }

  function quote(): void {
    const sizes = { bidSize: '1000', askSize: '1000', last: null };
    for (const sink of sinks.keys()) {
      life.hear(() => {
        sink.quote({ symbol: SYMBOL, at: clock.now(), bid: BID, ask: ASK, ...sizes });
      });
    }
  }

  return {
    isExclusive: () => Promise.resolve(false),
    revisions: (refs) => Promise.resolve(refs.map(() => '')),
    async connect(_ref, sink, signal) {
      await overLines(network, signal, () => undefined);
      sinks.set(sink, new Set());
      clock.after(5, () => {
        if (line.state === 'cut') return;
        life.hear(() => {
          sink.status({ state: 'READY' });
          quote();
        });
      });
      return brokerOf(sink);
    },
    deliver(event) {
      for (const [sink, accounts] of sinks) {
        if (!accounts.has(event.account) || random.chance(line.lossRate)) continue;
        deliverTo(sink, event);
        if (random.chance(0.05)) deliverTo(sink, event);
      }
    },
    quote,
    announce(isUp) {
      for (const sink of sinks.keys()) {
        life.hear(() => {
          sink.status(isUp ? { state: 'READY' } : { state: 'CONNECTING', reason: 'the line is down' });
        });
      }
    },
  };
}

function termsOf({ traceparent: _, account: __, venueOrderId: ___, ...terms }: ApprovedOrder): OrderTerms {
  return terms;
}
