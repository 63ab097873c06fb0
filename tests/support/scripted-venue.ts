import type { BrokerCapabilities, BrokerEvent, VenueFill, VenueInstrument } from '@omniquant/plugin-sdk';
import { VENUE_CAPABILITIES } from '@omniquant/venue/venue-capabilities';

import type { BrokerConnector } from '../../core/ports/broker-connector.ts';
import type { Clock } from '../../core/ports/clock.ts';
import {
  type Behaviour,
  type Connection,
  createScriptedBroker,
  type RequestKind,
  type VenueSide,
  type VenueTerms,
} from './scripted-broker.ts';
import { createScriptedRecords, type ScriptedOrder } from './scripted-records.ts';

export interface ScriptedVenue extends VenueTerms {
  /** Each call is another process's. */
  connector(): ScriptedConnector;
  /** What the gateways keep of connections' settings, by name. */
  readonly settings: Map<string, string>;
  /** Every connection that was opened, with the settings it got. */
  readonly opened: readonly { readonly connection: string; readonly settings: string | null }[];
  /** Names of connections that the venue refuses to open. */
  readonly refused: Set<string>;
  /** All requests that arrived, in order. */
  readonly arrived: readonly {
    readonly kind: RequestKind;
    readonly venueOrderId: string;
    readonly at: number;
  }[];
  /** By venue order id. */
  readonly orders: ReadonlyMap<string, ScriptedOrder>;
  /** The next requests of the kind behave thus; then they are accepted. */
  script(kind: RequestKind, ...behaviours: Behaviour[]): void;
  fill(
    venueOrderId: string,
    quantity: string,
    price: string,
    options?: { readonly silent?: boolean },
  ): VenueFill;
  /** Ends an order without being asked. */
  end(venueOrderId: string, status: 'CANCELED' | 'EXPIRED'): void;
  emit(event: BrokerEvent): void;
  quote(symbol: string, bid: string, ask: string): void;
  setReady(isReady: boolean): void;
  /** Lookups and lists reject while it is set. */
  setUnreachable(isUnreachable: boolean): void;
  /** Wrong figures, on purpose. */
  adjustPosition(account: string, symbol: string, by: string): void;
}

export interface ScriptedConnector extends BrokerConnector {
  /** As if the process had died: nothing more goes either way. */
  cut(): void;
}

export const SCRIPTED_CAPABILITIES: BrokerCapabilities = {
  ...VENUE_CAPABILITIES,
  orderTypes: ['MARKET', 'LIMIT'],
  timesInForce: ['DAY', 'GTC', 'GTD', 'IOC', 'FOK'],
  settleMs: 1_000,
  buyingPowerMultiplier: '2',
  fees: { perUnit: '0', rate: '0', minimum: '0' },
};

const AAPL: VenueInstrument = {
  symbol: 'AAPL',
  name: 'Apple',
  assetClass: 'EQUITY',
  currency: 'USD',
  tickSize: '0.01',
  lotSize: '1',
  multiplier: '1',
  minQuantity: null,
  maxQuantity: null,
  shortable: true,
  fractionable: false,
  exchange: 'XNAS',
  calendar: 'ALWAYS',
};

/** A venue that does as it is told, and remembers what it was asked. It outlives the gateways of a test. */
export function createScriptedVenue(
  clock: Clock,
  instruments: readonly VenueInstrument[] = [AAPL],
): ScriptedVenue {
  const records = createScriptedRecords(clock);
  const opened: { connection: string; settings: string | null }[] = [];
  const arrived: { kind: RequestKind; venueOrderId: string; at: number }[] = [];
  const scripts: Record<RequestKind, Behaviour[]> = { submit: [], replace: [], cancel: [] };
  const connections = new Set<Connection>();
  let isReady = true;
  let isUnreachable = false;

  const venue: ScriptedVenue = {
    connector,
    settings: new Map(),
    opened,
    refused: new Set(),
    arrived,
    orders: records.orders,
    capabilities: SCRIPTED_CAPABILITIES,
    onAttach: () => undefined,
    script: (kind, ...behaviours) => void scripts[kind].push(...behaviours),
    fill(venueOrderId, quantity, price, { silent = false } = {}) {
      const fill = records.fill(venueOrderId, quantity, price);
      if (!silent) {
        emit(fill);
      }
      return fill;
    },
    end(venueOrderId, status) {
      const order = records.known(venueOrderId);
      order.status = status;
      emit(
        status === 'CANCELED'
          ? { kind: 'canceled', ...records.about(order), reason: null }
          : { kind: 'expired', ...records.about(order) },
      );
    },
    emit,
    bars: [],
    barsProblem: null,
    quote(symbol, bid, ask) {
      const quote = { symbol, at: clock.now(), bid, ask, bidSize: '100', askSize: '100', last: null };
      live().forEach(({ sink }) => {
        sink.quote(quote);
      });
    },
    setReady(value) {
      isReady = value;
      live().forEach(({ sink }) => {
        sink.status(value ? { state: 'READY' } : { state: 'CONNECTING', reason: 'the line is down' });
      });
    },
    setUnreachable: (value) => void (isUnreachable = value),
    adjustPosition: records.adjustPosition,
  };
  const side: VenueSide = {
    clock,
    instruments,
    records,
    terms: venue,
    isReachable: () => !isUnreachable && isReady,
    nextBehaviour: (kind) => scripts[kind].shift() ?? 'accept',
    arrived: (kind, venueOrderId) => void arrived.push({ kind, venueOrderId, at: clock.monotonic() }),
    emit,
  };
  return venue;

  function live(): Connection[] {
    return [...connections].filter(({ isCut }) => !isCut);
  }

  function emit(event: BrokerEvent): void {
    for (const { sink, attached } of live()) {
      if (attached.has(event.account) && isReady) {
        sink.event(event);
      }
    }
  }

  function connector(): ScriptedConnector {
    const own = new Set<Connection>();
    return {
      isExclusive: () => Promise.resolve(false),
      revisions: (refs) =>
        Promise.resolve(refs.map(({ connection }) => venue.settings.get(connection) ?? '')),
      cut() {
        for (const connection of own) {
          connection.isCut = true;
        }
      },
      connect({ connection: name }, sink) {
        opened.push({ connection: name, settings: venue.settings.get(name) ?? null });
        if (venue.refused.has(name)) {
          return Promise.reject(new Error('the key is not known'));
        }
        const connection: Connection = { sink, attached: new Set(), isCut: false };
        connections.add(connection);
        own.add(connection);
        void Promise.resolve().then(() => {
          if (!connection.isCut && isReady) {
            sink.status({ state: 'READY' });
          }
        });
        return Promise.resolve(createScriptedBroker(connection, side));
      },
    };
  }
}
