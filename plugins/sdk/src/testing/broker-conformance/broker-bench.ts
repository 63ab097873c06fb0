import type { Broker, BrokerDefinition } from '../../broker.ts';
import type { BrokerFixture, Endpoints, FixtureVenue } from '../broker-fixture.ts';
import { type BenchContext, benchContext } from './bench-context.ts';
import { Connected } from './connected.ts';
import { FaultProxy } from './fault-proxy.ts';
import { Finding, Patience } from './patience.ts';
import { PluginWatch } from './plugin-watch.ts';
import { Recorder } from './recorder.ts';

/** Any broker: the kit hands it what its own schema and fixture say. */
export type AnyBroker = BrokerDefinition;

/**
 * Plugin, fake venue and the proxies between them, for one case: fresh, and gone after it, whatever happened.
 * `ctx.now()` of the plugin is {@link BrokerBench.advance}d by the case.
 */
export class BrokerBench {
  readonly definition: AnyBroker;
  readonly fixture: BrokerFixture;
  readonly venue: FixtureVenue;
  readonly watch: PluginWatch;
  readonly patience: Patience;
  private readonly proxies: ReadonlyMap<string, FaultProxy>;
  private readonly connections: Connected[] = [];
  private readonly unhandled: unknown[] = [];
  private skewMs = 0;

  private constructor(
    definition: AnyBroker,
    fixture: BrokerFixture,
    venue: FixtureVenue,
    proxies: ReadonlyMap<string, FaultProxy>,
  ) {
    this.definition = definition;
    this.fixture = fixture;
    this.venue = venue;
    this.proxies = proxies;
    this.patience = new Patience(fixture.patienceMs ?? 5_000);
    this.watch = PluginWatch.open();
    process.on('unhandledRejection', this.noteUnhandled);
  }

  static async open(definition: AnyBroker, fixture: BrokerFixture): Promise<BrokerBench> {
    const venue = await fixture.openVenue();
    const proxies = new Map<string, FaultProxy>();
    try {
      for (const [name, url] of Object.entries(venue.endpoints)) {
        proxies.set(name, await FaultProxy.open(url));
      }
    } catch (error) {
      for (const proxy of proxies.values()) await proxy.close();
      await venue.close();
      throw error;
    }
    return new BrokerBench(definition, fixture, venue, proxies);
  }

  get endpoints(): Endpoints {
    return Object.fromEntries([...this.proxies].map(([name, { url }]) => [name, url]));
  }

  /** Terms of an order that nothing comes to: a fake that matches by itself fills the oldest at a price. */
  get far(): { readonly limitPrice: string } {
    return { limitPrice: this.fixture.farPrice ?? this.fixture.restingPrice };
  }

  /** What is done to the network is done to all endpoints. */
  get network(): readonly FaultProxy[] {
    return [...this.proxies.values()];
  }

  each(change: (proxy: FaultProxy) => void): void {
    for (const proxy of this.network) change(proxy);
  }

  sum(of: (proxy: FaultProxy) => number): number {
    return this.network.reduce((sum, proxy) => sum + of(proxy), 0);
  }

  /** All is well again, and the plugin has had its turn to see which connections are gone. */
  async heal(): Promise<void> {
    this.each((proxy) => {
      proxy.heal();
    });
    await this.patience.linger(10);
  }

  /** {@link FixtureVenue.fill}, and a look whether it did. */
  async fill(venueOrderId: string, quantity: string): Promise<void> {
    const before = (await this.venue.executions()).length;
    await this.venue.fill(venueOrderId, quantity);
    const after = (await this.venue.executions()).length;
    if (after === before) throw new Finding('the fixture is told to fill an order, and executes nothing');
  }

  /** Moves the plugin's clock on, ms. */
  advance(ms: number): void {
    this.skewMs += ms;
  }

  /** A connection that is opened and perhaps not READY yet. */
  async connect(credentials: 'right' | 'wrong' = 'right'): Promise<Connected> {
    const { definition, endpoints, venue, watch } = this;
    const given = credentials === 'right' ? venue.connection(endpoints) : venue.wrongConnection(endpoints);
    if (given === null) throw new Finding('the fixture has no wrong credentials');
    const context: BenchContext = benchContext(given.secrets, () => Date.now() + this.skewMs);
    const recorder = new Recorder();
    const opening = watch.run(() => definition.connect(given.config, context.ctx, recorder));
    const broker: Broker = await this.patience.wait('connect', opening);
    const connected = new Connected(this, broker, recorder, context);
    this.connections.push(connected);
    return connected;
  }

  /** A connection that is READY and has joined the account. */
  async ready(): Promise<Connected> {
    const connected = await this.connect();
    await connected.untilReady();
    await connected.attach();
    await connected.untilReady();
    return connected;
  }

  /** Ends everything. Throws a Finding for rejections of the plugin that nobody handled. */
  async close(): Promise<void> {
    await this.heal();
    try {
      for (const connected of this.connections) await connected.close();
    } finally {
      for (const proxy of this.network) await proxy.close();
      await this.venue.close();
      process.off('unhandledRejection', this.noteUnhandled);
      this.watch.close();
    }
    const [first] = this.unhandled;
    if (first !== undefined) {
      throw new Finding('a promise of the plugin was rejected and nobody handled it', { cause: first });
    }
  }

  private readonly noteUnhandled = (reason: unknown): void => {
    this.unhandled.push(reason ?? new Error('a promise was rejected with nothing'));
  };
}
