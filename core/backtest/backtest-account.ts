import type { BrokerCapabilities } from '@omniquant/plugin-sdk';
import type { CommandOutcome } from '@omniquant/venue/commands';
import type { ExchangeOutput } from '@omniquant/venue/exchange-output';

import type { JournaledEvent } from '../engine/account-event.ts';
import type { AccountState } from '../engine/account-state.ts';
import type { Command } from '../engine/command.ts';
import type { DecideContext, MarketView } from '../engine/decide-context.ts';
import type { CommandResult } from '../engine/decision.ts';
import { execute } from '../engine/execute.ts';
import type { Order } from '../orders/order.ts';
import { collectSends } from '../runtime/broker-send.ts';
import { type Arrival, type Arrivals, VENUE_ID_PREFIX } from './arrivals.ts';

/** Events in the order in which they were applied, and the orders that they were of. */
export type Applied = (events: readonly JournaledEvent[], touched: ReadonlyMap<string, Order>) => void;

export interface BacktestAccountOptions {
  readonly state: AccountState;
  readonly market: MarketView;
  readonly capabilities: BrokerCapabilities;
  readonly arrivals: Arrivals;
  /** Ids given out before, when a run goes on. */
  readonly ids: number;
  readonly applied: Applied;
}

/** Parts of a decision's context that change. */
type Clocked = { -readonly [K in keyof DecideContext]: DecideContext[K] };

/**
 * The account of a run: the engine that trades live, with what its events ask of the venue put on the way there. Market
 * time stands in for wall time.
 */
export class BacktestAccount {
  readonly state: AccountState;
  readonly ctx: DecideContext;
  /** Symbols with orders that are not done, or with requests under way. */
  readonly busy = new Set<string>();
  events = 0;
  ids: number;
  /** Market time with its fraction of a millisecond, which ticks have. */
  exactNow = 0;
  private readonly clocked: Clocked;
  private readonly options: BacktestAccountOptions;

  constructor(options: BacktestAccountOptions) {
    this.options = options;
    this.state = options.state;
    this.ids = options.ids;
    this.clocked = {
      now: 0,
      wall: 0,
      market: options.market,
      broker: { ready: true, reason: null, capabilities: options.capabilities },
      gatewayTradingState: 'ACTIVE',
      isJournalLow: false,
      // Client order ids are made of steps and never come twice, and nothing is busted.
      archive: {
        orderByClientId: () => undefined,
        order: () => undefined,
        positionWithoutFill: () => undefined,
      },
      settings: {
        venueIdPrefix: VENUE_ID_PREFIX,
        // Between two bars the last price is the newest there is.
        quoteStaleAfterMs: Infinity,
        restrictedSymbols: new Set(),
        flattenOnDailyLoss: false,
      },
      newOrderId: () => this.nextId(),
    };
    this.ctx = this.clocked;
    for (const symbol of this.state.exposure.keys()) this.lookAt(symbol);
    for (const { symbol } of options.arrivals.all()) this.lookAt(symbol);
  }

  get now(): number {
    return this.ctx.now;
  }

  setTime(at: number): void {
    if (at <= this.exactNow) return;
    this.exactNow = at;
    const now = Math.floor(at);
    this.clocked.now = now;
    this.clocked.wall = now;
  }

  nextId(): string {
    this.ids += 1;
    return String(this.ids);
  }

  run(command: Command, actor: string): CommandResult {
    const meta = { actor, correlationId: actor, traceparent: null };
    const { events, result, touched } = execute(this.state, command, meta, this.ctx);
    if (events.length === 0) return result;
    this.events += events.length;
    const { applied, arrivals, capabilities } = this.options;
    const orderOf = (id: string): Order | undefined => touched.get(id) ?? this.state.orders.get(id);
    for (const send of collectSends(orderOf, events, capabilities)) arrivals.send(send, this.exactNow);
    for (const { symbol } of touched.values()) this.lookAt(symbol);
    applied(events, touched);
    return result;
  }

  /** What the venue says, in its order. */
  hear({ messages }: Pick<ExchangeOutput, 'messages'>): void {
    for (const { event } of messages) this.run({ kind: 'brokerEvent', event }, 'venue');
  }

  /** The answer to a request. What was done the venue's messages tell, and most of what was refused. */
  answer({ command, orderId, revision, symbol }: Arrival, outcome: CommandOutcome): void {
    if (outcome.kind === 'rejected') {
      this.run({ kind: 'brokerOutcome', request: command.kind, orderId, revision, outcome }, 'venue');
    }
    this.lookAt(symbol);
  }

  /** Triggers that the gateway watches, at the price of the moment. */
  marketMoved(symbol: string): void {
    if (this.state.heldOrderIds.has(symbol)) this.run({ kind: 'marketMoved', symbols: [symbol] }, 'gateway');
  }

  clockTicked(): void {
    this.run({ kind: 'clockTicked' }, 'gateway');
  }

  private lookAt(symbol: string): void {
    const open = this.state.exposure.get(symbol);
    const isBusy =
      (open !== undefined && open.buyOrderIds.size + open.sellOrderIds.size > 0) ||
      this.options.arrivals.has(symbol);
    if (isBusy) this.busy.add(symbol);
    else this.busy.delete(symbol);
  }
}
