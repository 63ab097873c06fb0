import type { BrokerCapabilities, BrokerEvent, OrderTerms, VenueInstrument } from '@omniquant/plugin-sdk';
import { parseDecimal } from '@omniquant/plugin-sdk/decimal';
import { VENUE_CAPABILITIES } from '@omniquant/venue/venue-capabilities';

import type { JournaledEvent } from '../../core/engine/account-event.ts';
import type { AccountState } from '../../core/engine/account-state.ts';
import type { Command, PlaceOrder } from '../../core/engine/command.ts';
import type {
  ArchiveView,
  BrokerView,
  DecideContext,
  EngineSettings,
  MarketQuote,
} from '../../core/engine/decide-context.ts';
import type { CommandResult } from '../../core/engine/decision.ts';
import { execute, type Execution } from '../../core/engine/execute.ts';
import { createAccountState } from '../../core/engine/initial-state.ts';
import { createInstrument, type Instrument } from '../../core/market/instrument.ts';
import type { Order } from '../../core/orders/order.ts';
import type { RiskLimits } from '../../core/risk/limits.ts';

/** Nothing refused, so that a test meets only the rule that it is about. */
export const NO_LIMITS: RiskLimits = {
  maxPositionNotional: null,
  maxOrderNotional: null,
  maxLeverage: null,
  maxConcentration: null,
  maxDrawdown: null,
  maxDailyLoss: null,
  maxOpenOrders: null,
  maxOrdersPerSecond: null,
  priceCollar: null,
};

export const ALL_CAPABILITIES: BrokerCapabilities = {
  ...VENUE_CAPABILITIES,
  settleMs: 0,
  buyingPowerMultiplier: '1000000',
  fees: { perUnit: '0', rate: '0', minimum: '0' },
};

const VENUE_INSTRUMENT: VenueInstrument = {
  symbol: 'AAPL',
  name: null,
  assetClass: 'EQUITY',
  currency: 'USD',
  tickSize: '0.01',
  lotSize: '0.001',
  multiplier: '1',
  minQuantity: null,
  maxQuantity: null,
  shortable: true,
  fractionable: true,
  exchange: null,
  calendar: 'ALWAYS',
};

export const MARKET = (symbol: string, side: 'BUY' | 'SELL', quantity: string): OrderTerms => ({
  symbol,
  side,
  type: 'MARKET',
  quantity,
  notional: null,
  limitPrice: null,
  stopPrice: null,
  trailingOffset: null,
  trailingOffsetType: null,
  timeInForce: 'GTC',
  expireAt: null,
  postOnly: false,
  reduceOnly: false,
  displayQuantity: null,
  extendedHours: false,
});

export const LIMIT = (
  symbol: string,
  side: 'BUY' | 'SELL',
  quantity: string,
  limitPrice: string,
): OrderTerms => ({
  ...MARKET(symbol, side, quantity),
  type: 'LIMIT',
  limitPrice,
});

const DAY_MS = 86_400_000;

/** An account with everything around it that deciding looks at, all of it settable. */
export class EngineFixture {
  state: AccountState;
  readonly journal: JournaledEvent[] = [];
  now = Date.UTC(2024, 0, 2, 15);
  wall = Date.UTC(2026, 0, 2, 15);
  capabilities: BrokerCapabilities = ALL_CAPABILITIES;
  ready = true;
  gatewayTradingState: DecideContext['gatewayTradingState'] = 'ACTIVE';
  isJournalLow = false;
  settings: EngineSettings = {
    venueIdPrefix: 'OQ',
    quoteStaleAfterMs: 60_000,
    restrictedSymbols: new Set(),
    flattenOnDailyLoss: false,
  };
  session: 'PRE' | 'OPEN' | 'POST' | 'CLOSED' = 'OPEN';
  archive: ArchiveView = {
    orderByClientId: () => undefined,
    order: () => undefined,
    positionWithoutFill: () => undefined,
  };
  readonly instruments = new Map<string, Instrument>();
  readonly quotes = new Map<string, MarketQuote>();
  private ids = 0;

  constructor(limits: Partial<RiskLimits> = {}, startingCash = '1000000') {
    this.state = createAccountState('A1');
    for (const symbol of ['AAPL', 'SPX']) {
      this.instruments.set(symbol, createInstrument({ ...VENUE_INSTRUMENT, symbol }));
      this.quote(symbol, '99.99', '100.01');
    }
    this.run({
      kind: 'openAccount',
      accountId: 'A1',
      workspaceId: 'W1',
      name: 'test',
      broker: 'simulated',
      environment: 'PAPER',
      baseCurrency: 'USD',
      startingCash,
      limits: { ...NO_LIMITS, ...limits },
    });
  }

  quote(symbol: string, bid: string, ask: string, last: string | null = null): void {
    this.quotes.set(symbol, {
      symbol,
      at: this.now,
      receivedAt: this.wall,
      bid: parseDecimal(bid),
      ask: parseDecimal(ask),
      last: last === null ? null : parseDecimal(last),
    });
  }

  newId(): string {
    this.ids += 1;
    return `order-${this.ids}`;
  }

  context(): DecideContext {
    const broker: BrokerView = {
      ready: this.ready,
      reason: this.ready ? null : 'connecting',
      capabilities: this.capabilities,
    };
    return {
      now: this.now,
      wall: this.wall,
      market: {
        instrument: (symbol) => this.instruments.get(symbol),
        quote: (symbol) => this.quotes.get(symbol),
        session: () => this.session,
        isHalted: () => false,
        tradingDay: (at) => new Date(at).toISOString().slice(0, 10),
        endOfDay: (_symbol, at) => (Math.floor(at / DAY_MS) + 1) * DAY_MS,
      },
      broker,
      gatewayTradingState: this.gatewayTradingState,
      isJournalLow: this.isJournalLow,
      archive: this.archive,
      settings: this.settings,
      newOrderId: () => this.newId(),
    };
  }

  execute(command: Command): Execution {
    const meta = { actor: 'user:1', correlationId: 'c', traceparent: null };
    const execution = execute(this.state, command, meta, this.context());
    this.journal.push(...execution.events);
    return execution;
  }

  run(command: Command): CommandResult {
    return this.execute(command).result;
  }

  place(
    terms: OrderTerms,
    more: Partial<PlaceOrder> = {},
  ): { readonly result: CommandResult; readonly orderId: string } {
    const orderId = more.orderId ?? this.newId();
    const result = this.run({
      kind: 'placeOrder',
      clientOrderId: `client-${orderId}`,
      requestHash: `hash-${orderId}`,
      orderId,
      takeProfitId: `${orderId}-tp`,
      stopLossId: `${orderId}-sl`,
      terms,
      takeProfit: null,
      stopLoss: null,
      strategyId: null,
      origin: 'API',
      ...more,
    });
    return { result, orderId };
  }

  /** Places an order that has to be let in, and has the venue accept it. */
  working(terms: OrderTerms, more: Partial<PlaceOrder> = {}): Order {
    const { result, orderId } = this.place(terms, more);
    if (result.kind !== 'orderPlaced') throw new Error(`not placed: ${JSON.stringify(result)}`);
    this.accept(orderId);
    return this.order(orderId);
  }

  order(orderId: string): Order {
    const order = this.state.orders.get(orderId);
    if (order === undefined) throw new Error(`no order ${orderId}`);
    return order;
  }

  /** A message of the venue about the working revision of an order. */
  message(
    orderId: string,
    event: Readonly<Record<string, unknown>> & { readonly kind: BrokerEvent['kind'] },
    revision = this.state.orders.get(orderId)?.revision ?? 0,
  ): Execution {
    const venueOrderId = `OQ-${orderId}-${revision}`;
    const whole = { account: 'A1', venueOrderId, brokerOrderId: `B-${orderId}`, at: this.now, ...event };
    return this.execute({ kind: 'brokerEvent', event: whole as unknown as BrokerEvent });
  }

  accept(orderId: string): void {
    this.message(orderId, { kind: 'accepted', quantity: null });
  }

  fill(
    orderId: string,
    executionId: string,
    quantity: string,
    price = '100',
    fee: string | null = null,
  ): Execution {
    const rest = {
      price,
      quantity,
      fee,
      feeCurrency: fee === null ? null : 'USD',
      liquidity: null,
      cursor: executionId,
    };
    return this.message(orderId, { kind: 'filled', executionId, ...rest });
  }

  alerts(): readonly string[] {
    return this.journal.flatMap(({ event }) => (event.type === 'RISK_ALERT' ? [event.code] : []));
  }

  eventTypes(orderId: string): readonly string[] {
    return this.journal.flatMap(({ event }) =>
      'orderId' in event && event.orderId === orderId && event.type !== 'RISK_ALERT' ? [event.type] : [],
    );
  }
}
