/** Makes brokers that are broken on purpose, each in one way: the broker of the template with one thing done wrong. */
import type {
  Broker,
  BrokerDefinition,
  BrokerEvent,
  BrokerOutcome,
  BrokerSink,
  Context,
  Permission,
} from '@omniquant/plugin-sdk';

import { broker as good } from '../../../plugins/sdk/templates/broker/src/broker.ts';

type Lent = Context<Permission>;
type Config = Parameters<typeof good.connect>[0];

interface Fault {
  /** In place of what the gateway gives it. */
  readonly config?: (config: Config) => Config;
  readonly ctx?: (ctx: Lent) => Lent;
  readonly sink?: (sink: BrokerSink, ctx: Lent) => BrokerSink;
  /** In place of what it does. */
  readonly broker?: (inner: Broker, ctx: Lent, sink: BrokerSink) => Partial<Broker>;
}

/** The template's broker with a fault. */
export const broken = (fault: Fault): BrokerDefinition => ({
  ...good,
  async connect(config: Config, given: Lent, sink: BrokerSink): Promise<Broker> {
    const ctx = fault.ctx?.(given) ?? given;
    const told = fault.sink?.(sink, ctx) ?? sink;
    const inner = await good.connect(fault.config?.(config) ?? config, ctx, told);
    const overrides = fault.broker?.(inner, ctx, told) ?? {};
    return new Proxy(inner, {
      get(target, name) {
        const value: unknown = Reflect.get(name in overrides ? overrides : target, name);
        return typeof value === 'function'
          ? (value.bind(name in overrides ? overrides : target) as unknown)
          : value;
      },
    });
  },
});

/** Each event as this makes it; null is left out. */
export const telling = (change: (event: BrokerEvent) => BrokerEvent | null): BrokerDefinition =>
  broken({
    sink: (sink) => ({
      ...passing(sink),
      event(event) {
        const changed = change(event);
        if (changed !== null) sink.event(changed);
      },
    }),
  });

/** Hands all on as it comes. */
export const passing = (sink: BrokerSink): BrokerSink => ({
  event: (event) => {
    sink.event(event);
  },
  status: (status) => {
    sink.status(status);
  },
  quote: (quote) => {
    sink.quote(quote);
  },
  trade: (trade) => {
    sink.trade(trade);
  },
  clock: (clock) => {
    sink.clock(clock);
  },
});

/** Each outcome of a submit as this makes it. */
export const answering = (
  change: (outcome: BrokerOutcome, signal: AbortSignal) => BrokerOutcome,
): BrokerDefinition =>
  broken({
    broker: (inner) => ({
      submit: async (order, signal) => change(await inner.submit(order, signal), signal),
    }),
  });

/** What a broker leaves running. Cleared by the tests. */
export const LEAKS: NodeJS.Timeout[] = [];
