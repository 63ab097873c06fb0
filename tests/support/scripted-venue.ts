import type {
  ApprovedOrder,
  Broker,
  BrokerCapabilities,
  BrokerEvent,
  BrokerOutcome,
  BrokerSink,
  OrderTerms,
  VenueBalance,
  VenueBar,
  VenueFill,
  VenueInstrument,
  VenueOrder,
  VenueOrderStatus,
  VenuePosition,
} from '@omniquant/plugin-sdk';
import { formatDecimal, multiply, parseDecimal } from '@omniquant/plugin-sdk/decimal';

import type { BrokerConnector } from '../../core/ports/broker-connector.ts';
import type { Clock } from '../../core/ports/clock.ts';

/**
 * What becomes of a request. `lost`: never arrives, no answer. `unanswered`: arrives, no answer.
 * `late`: arrives 200 ms after the answer is given up. `silent`: arrives and is answered, but the order
 * stream says nothing of it.
 */
export type Behaviour = 'accept' | 'reject' | 'notSent' | 'lost' | 'unanswered' | 'late' | 'silent';

type RequestKind = 'submit' | 'replace' | 'cancel';

export interface ScriptedOrder {
  readonly account: string;
  readonly venueOrderId: string;
  readonly brokerOrderId: string;
  terms: OrderTerms;
  status: VenueOrderStatus;
  filled: bigint;
}

export interface ScriptedVenue {
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
  capabilities: BrokerCapabilities;
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
  /** What it answers when it is asked for bars, oldest first. */
  readonly bars: VenueBar[];
  setReady(isReady: boolean): void;
  /** Told when a gateway joins an account's order stream. */
  onAttach: (account: string) => void;
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
  orderTypes: ['MARKET', 'LIMIT'],
  timesInForce: ['DAY', 'GTC', 'GTD', 'IOC', 'FOK'],
  notional: true,
  fractional: true,
  shortSelling: true,
  postOnly: true,
  reduceOnly: true,
  displayQuantity: true,
  extendedHours: true,
  replace: true,
  refusesDuplicates: true,
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

const NEVER = new Promise<never>(() => undefined);

interface Connection {
  readonly sink: BrokerSink;
  readonly attached: Set<string>;
  isCut: boolean;
}

/** A venue that does as it is told, and remembers what it was asked. It outlives the gateways of a test. */
export function createScriptedVenue(
  clock: Clock,
  instruments: readonly VenueInstrument[] = [AAPL],
): ScriptedVenue {
  const orders = new Map<string, ScriptedOrder>();
  const opened: { connection: string; settings: string | null }[] = [];
  const arrived: { kind: RequestKind; venueOrderId: string; at: number }[] = [];
  const scripts: Record<RequestKind, Behaviour[]> = { submit: [], replace: [], cancel: [] };
  const fills: (VenueFill & { readonly cursor: string })[] = [];
  const startingCash = new Map<string, { readonly currency: string; readonly amount: bigint }>();
  const adjustments = new Map<string, bigint>();
  const connections = new Set<Connection>();
  let isReady = true;
  let isUnreachable = false;
  let numbered = 0;

  const venue: ScriptedVenue = {
    connector,
    settings: new Map(),
    opened,
    refused: new Set(),
    arrived,
    orders,
    capabilities: SCRIPTED_CAPABILITIES,
    onAttach: () => undefined,
    script: (kind, ...behaviours) => void scripts[kind].push(...behaviours),
    fill(venueOrderId, quantity, price, { silent = false } = {}) {
      const order = known(venueOrderId);
      order.filled += parseDecimal(quantity);
      if (order.terms.quantity !== null && order.filled >= parseDecimal(order.terms.quantity)) {
        order.status = 'FILLED';
      }
      const fill = {
        kind: 'filled' as const,
        ...about(order),
        executionId: `x-${String(fills.length + 1)}`,
        price,
        quantity,
        fee: '0',
        feeCurrency: 'USD',
        liquidity: 'TAKER' as const,
        cursor: String(fills.length + 1),
      };
      fills.push(fill);
      if (!silent) {
        emit(fill);
      }
      return fill;
    },
    end(venueOrderId, status) {
      const order = known(venueOrderId);
      order.status = status;
      emit(
        status === 'CANCELED'
          ? { kind: 'canceled', ...about(order), reason: null }
          : { kind: 'expired', ...about(order) },
      );
    },
    emit,
    bars: [],
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
    adjustPosition(account, symbol, by) {
      const key = `${account}/${symbol}`;
      adjustments.set(key, (adjustments.get(key) ?? 0n) + parseDecimal(by));
    },
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

  function known(venueOrderId: string): ScriptedOrder {
    const order = orders.get(venueOrderId);
    if (order === undefined) {
      throw new Error(`the venue does not know ${venueOrderId}`);
    }
    return order;
  }

  function about({ account, venueOrderId, brokerOrderId }: ScriptedOrder) {
    return { account, venueOrderId, brokerOrderId, at: clock.now() };
  }

  function land(kind: RequestKind, venueOrderId: string, work: () => BrokerOutcome): BrokerOutcome {
    arrived.push({ kind, venueOrderId, at: clock.monotonic() });
    return work();
  }

  function accepted(order: ScriptedOrder): BrokerOutcome {
    return { kind: 'accepted', brokerOrderId: order.brokerOrderId, at: clock.now() };
  }

  function refused(code: 'OTHER' | 'DUPLICATE_ORDER_ID' | 'UNKNOWN_ORDER'): BrokerOutcome {
    return { kind: 'rejected', code, message: `refused: ${code}`, at: clock.now() };
  }

  function makeOrder({ account, venueOrderId, ...rest }: ApprovedOrder): ScriptedOrder {
    const { traceparent: _, ...terms } = rest;
    numbered += 1;
    const order: ScriptedOrder = {
      account,
      venueOrderId,
      brokerOrderId: `b-${String(numbered)}`,
      terms,
      status: 'WORKING',
      filled: 0n,
    };
    orders.set(venueOrderId, order);
    return order;
  }

  /** Runs a request as its script says; what is not answered is unknown once its signal is aborted. */
  async function perform(
    connection: Connection,
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
    const behaviour = scripts[kind].shift() ?? 'accept';
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
        return Promise.resolve(brokerOf(connection));
      },
    };
  }

  function brokerOf(connection: Connection): Broker {
    /** A cut line gives no answers; an unreachable venue gives errors. */
    async function reach<T>(answer: () => T): Promise<T> {
      await Promise.resolve();
      if (connection.isCut) {
        return NEVER;
      }
      if (isUnreachable || !isReady) {
        throw new Error('the venue cannot be reached');
      }
      return answer();
    }
    const tell = (event: BrokerEvent, behaviour: Behaviour): void => {
      if (behaviour !== 'silent') {
        emit(event);
      }
    };

    return {
      get capabilities() {
        return venue.capabilities;
      },
      marketData: {
        instruments: () => reach(() => instruments),
        subscribe: () => undefined,
        bars: ({ symbol, interval, from, to, limit }) =>
          reach(() =>
            venue.bars
              .filter((bar) => bar.symbol === symbol && bar.interval === interval)
              .filter(({ at }) => at >= (from ?? 0) && at < (to ?? Number.POSITIVE_INFINITY))
              .slice(0, limit),
          ),
        clock: () => reach(() => ({ at: clock.now(), replayed: false, speed: 1 })),
      },
      attach: ({ account, baseCurrency, startingCash: cash }) =>
        reach(() => {
          connection.attached.add(account);
          venue.onAttach(account);
          if (!startingCash.has(account)) {
            startingCash.set(account, {
              currency: baseCurrency,
              amount: cash === null ? 0n : parseDecimal(cash),
            });
          }
        }),
      detach: (account) => void connection.attached.delete(account),
      submit: (order, signal) =>
        perform(connection, 'submit', order.venueOrderId, signal, (behaviour) => {
          if (orders.has(order.venueOrderId) && venue.capabilities.refusesDuplicates) {
            return refused('DUPLICATE_ORDER_ID');
          }
          if (behaviour === 'reject') {
            return refused('OTHER');
          }
          const made = makeOrder(order);
          tell({ kind: 'accepted', ...about(made), quantity: null }, behaviour);
          return accepted(made);
        }),
      replace: ({ previousVenueOrderId, order }, signal) =>
        perform(connection, 'replace', order.venueOrderId, signal, (behaviour) => {
          const previous = orders.get(previousVenueOrderId);
          if (behaviour === 'reject' || previous?.status !== 'WORKING') {
            return refused('UNKNOWN_ORDER');
          }
          previous.status = 'REPLACED';
          const made = makeOrder(order);
          made.filled = previous.filled;
          tell({ kind: 'replaced', ...about(made) }, behaviour);
          return accepted(made);
        }),
      cancel: ({ venueOrderId }, signal) =>
        perform(connection, 'cancel', venueOrderId, signal, (behaviour) => {
          const order = orders.get(venueOrderId);
          if (behaviour === 'reject' || order?.status !== 'WORKING') {
            return refused('UNKNOWN_ORDER');
          }
          order.status = 'CANCELED';
          tell({ kind: 'canceled', ...about(order), reason: null }, behaviour);
          return accepted(order);
        }),
      lookup: (account, venueOrderId) =>
        reach(() => {
          const order = orders.get(venueOrderId);
          return order?.account === account ? venueOrder(order) : null;
        }),
      openOrders: (account) =>
        reach(() =>
          [...orders.values()]
            .filter((order) => order.account === account && order.status === 'WORKING')
            .map(venueOrder),
        ),
      fillsSince: (account, cursor) =>
        reach(() => {
          const events = fills.filter(
            (fill) => fill.account === account && Number(fill.cursor) > Number(cursor ?? 0),
          );
          return { events, cursor: events.at(-1)?.cursor ?? cursor };
        }),
      positions: (account) => reach(() => positionsOf(account)),
      balances: (account) => reach(() => balancesOf(account)),
      close() {
        connection.isCut = true;
        return Promise.resolve();
      },
    };
  }

  function venueOrder(order: ScriptedOrder): VenueOrder {
    const { terms, status, filled } = order;
    return {
      ...about(order),
      status,
      terms,
      filledQuantity: formatDecimal(filled),
      stopPrice: null,
      message: null,
    };
  }

  function signed(fill: VenueFill): bigint {
    const quantity = parseDecimal(fill.quantity);
    return known(fill.venueOrderId ?? '').terms.side === 'BUY' ? quantity : -quantity;
  }

  function positionsOf(account: string): VenuePosition[] {
    const held = new Map<string, bigint>();
    for (const fill of fills.filter((each) => each.account === account)) {
      const { symbol } = known(fill.venueOrderId ?? '').terms;
      held.set(symbol, (held.get(symbol) ?? 0n) + signed(fill));
    }
    for (const [key, by] of adjustments) {
      const [owner, symbol = ''] = key.split('/');
      if (owner === account) {
        held.set(symbol, (held.get(symbol) ?? 0n) + by);
      }
    }
    return [...held].map(([symbol, quantity]) => ({ symbol, quantity: formatDecimal(quantity) }));
  }

  function balancesOf(account: string): VenueBalance[] {
    const start = startingCash.get(account);
    if (start === undefined) {
      return [];
    }
    const spent = fills
      .filter((each) => each.account === account)
      .reduce((sum, fill) => sum + multiply(signed(fill), parseDecimal(fill.price)), 0n);
    return [{ currency: start.currency, total: formatDecimal(start.amount - spent) }];
  }
}
