import type { BrokerOutcome } from '../../broker-requests.ts';
import { Random } from '../../random.ts';
import type { BrokerBench } from './broker-bench.ts';
import type { BrokerCase } from './broker-case.ts';
import type { Connected, FillEvent } from './connected.ts';
import { sameAsVenue, sameHoldings, tenths } from './ledger.ts';
import { expectThat, Finding } from './patience.ts';

/** What the kit knows of one of its orders: what the plugin said of it. */
interface Sent {
  readonly id: string;
  readonly kind: BrokerOutcome['kind'];
}

const FAULTS = ['none', 'none', 'none', 'cut', 'muteAnswers', 'loseRequests', 'reset', 'disorder'] as const;

const MOST_TRIES = 4;

/** A run of orders, fills and faults drawn from one seed, and what came of it. */
class RandomRun {
  private readonly bench: BrokerBench;
  private readonly connected: Connected;
  private readonly random: Random;
  private readonly sent: Sent[] = [];
  /** Pages of fills as a gateway keeps them: each begins at the cursor of the one before. */
  private readonly fills: FillEvent[] = [];
  private cursor: string | null = null;

  constructor(bench: BrokerBench, connected: Connected, random: Random) {
    this.bench = bench;
    this.connected = connected;
    this.random = random;
  }

  async step(number: number): Promise<void> {
    this.breakSomething();
    const drawn = this.random.integer(0, 9);
    if (drawn < 5) await this.submit(number);
    else if (drawn < 8) await this.fillSome();
    else await this.cancelSome();
    if (this.random.integer(0, 3) > 0) return;
    await this.bench.heal();
    await this.connected.untilReady();
    await this.fetchFills();
  }

  /** The faults are over: all that is in doubt is settled, and has to be as the venue has it. */
  async settle(): Promise<void> {
    const { bench, connected } = this;
    await bench.heal();
    await connected.untilReady();
    await this.asked('attach', () => connected.attach());
    await bench.patience.linger();
    const orders = await bench.venue.orders();
    const held = new Map(orders.map((order) => [order.venueOrderId, order]));
    expectThat(held.size === orders.length, 'the venue has two orders with one id');
    for (const { id, kind } of this.sent) {
      const order = held.get(id);
      if (kind === 'accepted') {
        expectThat(order !== undefined, `${id} was accepted, and the venue does not have it`);
      }
      if (kind === 'notSent') expectThat(order === undefined, `${id} was notSent, and the venue has it`);
      if (kind === 'rejected') {
        expectThat(
          order === undefined || order.status === 'REJECTED',
          `${id} was rejected, and the venue has it`,
        );
      }
      const found = await this.asked('lookup', () => connected.lookup(id));
      expectThat(
        (found?.status ?? null) === (order?.status ?? null),
        `${id} is ${order?.status ?? 'not'} at the venue and ${found?.status ?? 'null'} by lookup`,
      );
    }
    const requests = (await bench.venue.requests()).filter(({ kind }) => kind === 'submit');
    const ids = requests.map(({ venueOrderId }) => venueOrderId);
    expectThat(new Set(ids).size === ids.length, 'an order was sent more than once');
    await this.fetchFills();
    await sameAsVenue(bench, this.fills);
    await sameAsVenue(bench, (await this.asked('fillsSince', () => connected.fills())).events);
    await sameHoldings(bench, connected);
  }

  private breakSomething(): void {
    const { bench, random } = this;
    const fault = FAULTS[random.integer(0, FAULTS.length - 1)];
    bench.each((proxy) => {
      switch (fault) {
        case 'cut':
          proxy.cut();
          break;
        case 'muteAnswers':
          proxy.gate('request', 'down', 'swallow');
          break;
        case 'loseRequests':
          proxy.gate('request', 'up', 'swallow');
          break;
        case 'reset':
          proxy.answerNext(null);
          break;
        case 'disorder':
          proxy.disturb(() => ({ copies: random.integer(0, 2), later: random.integer(0, 1) === 1 }));
          break;
        case 'none':
        case undefined:
          break;
      }
    });
  }

  private async submit(number: number): Promise<void> {
    const id = `random-${String(number)}`;
    // All on one side: a fake that matches by itself has nothing to match.
    const { kind } = await this.connected.submit(id, {}, this.impatient());
    this.sent.push({ id, kind });
  }

  private async fillSome(): Promise<void> {
    const id = await this.workingOrder();
    if (id === null) return;
    await this.bench.fill(id, tenths(this.bench.fixture.quantity, this.random.integer(1, 2)));
  }

  private async cancelSome(): Promise<void> {
    const id = await this.workingOrder();
    if (id !== null) await this.connected.cancel(id, null, this.impatient());
  }

  /** One that works and has two tenths or more to be filled. */
  private async workingOrder(): Promise<string | null> {
    const enough = Number(this.bench.fixture.quantity) * 0.8;
    const working = (await this.bench.venue.orders()).filter(
      (order) => order.status === 'WORKING' && Number(order.filledQuantity) <= enough,
    );
    if (working.length === 0) return null;
    return working[this.random.integer(0, working.length - 1)]?.venueOrderId ?? null;
  }

  /** The deadline of a request passes a little after it was sent. */
  private impatient(): { readonly when: () => boolean } {
    const end = performance.now() + 40;
    return { when: () => performance.now() > end };
  }

  /** A read that fails says nothing: it is asked again, as a gateway does. */
  private async asked<T>(what: string, call: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await call();
      } catch (cause) {
        if (tries === MOST_TRIES || cause instanceof Finding) {
          throw new Finding(`${what} fails again and again on a network without faults`, { cause });
        }
        await this.bench.patience.linger(20);
        await this.connected.untilReady();
      }
    }
  }

  private async fetchFills(): Promise<void> {
    const { cursor, events } = await this.asked('fillsSince', () => this.connected.fills(this.cursor));
    this.cursor = cursor;
    this.fills.push(...events);
  }
}

export const randomCase = (seed: string): BrokerCase => ({
  number: 'B44',
  title: `after random orders, fills and faults (seed ${seed}) all is as the venue has it`,
  async run(bench) {
    const connected = await bench.ready();
    const run = new RandomRun(bench, connected, Random.fromSeed('broker-conformance', seed));
    const { randomSteps = 60 } = bench.fixture;
    let step = 0;
    try {
      for (; step < randomSteps; step += 1) await run.step(step);
      await run.settle();
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new Finding(`seed ${seed}, step ${String(step)}: ${why}`, { cause });
    }
  },
});
