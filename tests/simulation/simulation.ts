import { Random } from '@omniquant/plugin-sdk/random';

import type { ClientCommand } from '../../core/engine/command.ts';
import { DEFAULT_LIMITS } from '../../core/risk/limits.ts';
import { createMemoryBusLine } from '../support/memory-bus.ts';
import type { MemoryStore } from '../support/memory-store.ts';
import type { VirtualClock } from '../support/virtual-clock.ts';
import { Clients } from './client.ts';
import { applyFault, type FaultsOptions, heal } from './faults.ts';
import { type GatewayLife, startGatewayLife, type Surroundings } from './gateway-life.ts';
import type { Line } from './network.ts';
import { HEALED_AT, isAsk, type Plan } from './plan.ts';
import {
  Acknowledgements,
  BrokenPromise,
  checkArrival,
  checkBooks,
  checkFold,
  checkSettled,
  checkSnapshot,
} from './promises.ts';
import { SimulatedVenue } from './simulated-venue.ts';
import { BROKER } from './simulation-settings.ts';
import { type AppendOutcome, type Stage, stageInMemory } from './stores.ts';
import { startTicker } from './strategies.ts';
import { checkStrategies } from './strategy-promises.ts';

export interface Verdict {
  /** Null when every promise was kept. */
  readonly broken: BrokenPromise | null;
  /** What happened, one line each. */
  readonly trace: readonly string[];
  /** The accounts' events as they were stored. */
  readonly journals: readonly string[];
}

/** From the healing on, everything must have come to rest within this virtual time. */
const REST_WITHIN_MS = 60_000;
const RESTART_AFTER_MS = 700;

/** Runs a plan to its end. In memory, nothing in it depends on anything but the plan. */
export async function simulate(plan: Plan, stage: Stage = stageInMemory()): Promise<Verdict> {
  const simulation = new Simulation(plan, stage);
  let broken: BrokenPromise | null = null;
  try {
    await simulation.run();
  } catch (error) {
    broken =
      error instanceof BrokenPromise ? error : new BrokenPromise('no fault of the code', describe(error));
  }
  return { broken, trace: simulation.trace, journals: simulation.journals() };
}

const describe = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);

class Simulation {
  readonly trace: string[] = [];
  private readonly plan: Plan;
  private readonly clock: VirtualClock;
  private readonly store: MemoryStore;
  private readonly around: Surroundings;
  private readonly clients: Clients;
  private readonly acknowledged: Acknowledgements;
  private readonly faults: FaultsOptions;
  private readonly lives: (GatewayLife | undefined)[] = [];
  private readonly accounts: readonly string[];
  private fault: BrokenPromise | null = null;
  private started = 0;
  private isOver = false;

  constructor(plan: Plan, stage: Stage) {
    const { clock } = stage;
    const store = stage.store.contents;
    this.plan = plan;
    this.clock = clock;
    this.store = store;
    const random = Random.fromSeed('world', plan.seed);
    const storeLine: Line = { state: 'up', latencyMs: 4 };
    const bus = createMemoryBusLine();
    const appends: AppendOutcome[] = [];
    const venue: SimulatedVenue = new SimulatedVenue({
      ...{ clock, random, refusesDuplicates: plan.refusesDuplicates },
      onArrival: (kind, account, id) => {
        this.note(`venue: ${kind} ${id}`);
        this.watch(() => {
          checkArrival(store, venue, kind, account, id);
        });
      },
      onEvent: (event) => {
        this.note(`venue: ${event.kind} ${'venueOrderId' in event ? (event.venueOrderId ?? '') : ''}`);
        for (const life of this.lives) life?.venue.deliver(event);
      },
    });
    this.around = {
      ...{ clock, store: stage.store, appends, venue, bus, storeLine },
      refusesDuplicates: plan.refusesDuplicates,
      trading: { state: 'ACTIVE', version: 1, cancelOpenOrders: false, reason: '' },
      at: (address) => this.lives.find((life) => life?.name === address),
      onFault: (gateway, message, fields) => {
        const { error } = fields as { readonly error?: unknown };
        this.fault ??= new BrokenPromise(
          'no fault of the code',
          `${gateway}: ${message}: ${describe(error)}`,
        );
      },
      onDeath: (life) => {
        this.buried(life);
      },
    };
    this.acknowledged = new Acknowledgements(store);
    this.clients = new Clients({
      ...{ clock, random, gateways: () => this.running() },
      onNotPlaced: (accountId, orderId) => {
        this.acknowledged.takeNotPlaced(accountId, orderId);
      },
      onAnswer: (answer) => {
        const { reply, clientOrderId } = answer;
        this.note(`client: ${clientOrderId ?? ''} ${'result' in reply ? reply.result.kind : reply.refused}`);
        this.watch(() => {
          this.acknowledged.take(answer);
        });
      },
    });
    this.accounts = Array.from({ length: plan.accounts }, (_, index) => `a${String(index + 1)}`);
    this.faults = {
      ...{ clock, appends, bus, storeLine, gateway: (place) => this.lives[place] },
      drain: (life) => void this.drain(life),
    };
  }

  journals(): readonly string[] {
    return [...this.store.accounts.values()].flatMap(({ events }) => events);
  }

  async run(): Promise<void> {
    for (let place = 0; place < this.plan.gateways; place += 1) this.start(place);
    await this.advance(1_000);
    for (const accountId of this.accounts) void this.clients.insist(accountId, () => openCommand(accountId));
    await this.advance(1_000);
    if (this.plan.strategies) {
      for (const accountId of this.accounts) {
        void this.clients.insist(accountId, () => startTicker(accountId));
      }
    }
    await this.play();
    this.note('healed');
    heal(this.running(), this.faults);
    await this.advance(2_000);
    this.around.venue.stopTrading();
    await this.comeToRest();
    this.checkSnapshots();
    await this.tradeOnce();
    await this.comeToRest();
    await this.close();
  }

  private async play(): Promise<void> {
    const from = this.clock.monotonic();
    for (const { at, account, act } of this.plan.steps) {
      await this.advance(from + at - this.clock.monotonic());
      const accountId = this.accounts[account] ?? '';
      this.note(`${isAsk(act) ? accountId : 'fault'}: ${JSON.stringify(act)}`);
      if (isAsk(act)) this.clients.ask(accountId, act);
      else applyFault(act, this.faults);
      this.throwFault();
    }
    await this.advance(from + HEALED_AT - this.clock.monotonic());
  }

  /** Until all promises hold with nothing under way; the last reason why not is thrown. */
  private async comeToRest(): Promise<void> {
    for (const end = this.clock.monotonic() + REST_WITHIN_MS; ;) {
      await this.advance(500);
      try {
        this.checkRest();
        return;
      } catch (error) {
        if (this.clock.monotonic() > end) throw error;
      }
    }
  }

  private checkRest(): void {
    if (this.clients.waiting > 0) {
      throw new BrokenPromise('everybody is answered', `${String(this.clients.waiting)} wait`);
    }
    this.acknowledged.checkAll();
    for (const accountId of this.accounts) {
      const account = this.store.accounts.get(accountId);
      if (account === undefined) throw new BrokenPromise('acknowledged is durable', `${accountId} is gone`);
      checkSettled(account, this.around.venue);
      if (this.plan.strategies) checkStrategies(account);
    }
    for (const [accountId, account] of this.store.accounts) {
      checkBooks(checkFold(accountId, account), this.around.venue);
    }
  }

  private checkSnapshots(): void {
    for (const account of this.store.accounts.values()) checkSnapshot(account);
  }

  /** A system that is safe because it does nothing keeps no promise. */
  private async tradeOnce(): Promise<void> {
    const number = this.plan.steps.length;
    const ask = {
      kind: 'place',
      number,
      side: 'BUY',
      quantity: 1,
      limitPrice: null,
      bracket: false,
    } as const;
    for (const accountId of this.accounts) {
      const placed = this.clients.insist(accountId, () => ({
        kind: 'cancelAllOrders',
        symbol: null,
        reason: null,
      }));
      void placed.then(() => {
        this.clients.ask(accountId, ask);
      });
    }
    await this.advance(1_000);
  }

  /** What a closed gateway leaves is what its journal says. */
  private async close(): Promise<void> {
    this.isOver = true;
    for (const life of this.running()) void this.drain(life);
    for (let left = 12; left > 0 && this.running().length > 0; left -= 1) await this.advance(500);
    this.checkSnapshots();
    this.throwFault();
  }

  private start(place: number): void {
    this.started += 1;
    const name = `g${String(place + 1)}`;
    const life = startGatewayLife(name, this.started, this.plan.seed, this.around);
    this.lives[place] = life;
    void life.runtime.start().catch(() => {
      life.kill();
    });
  }

  private buried(life: GatewayLife): void {
    this.note(`${life.name} died`);
    const place = this.lives.indexOf(life);
    if (place < 0) return;
    this.lives[place] = undefined;
    this.clock.after(RESTART_AFTER_MS, () => {
      if (this.lives[place] === undefined && !this.isOver) this.start(place);
    });
  }

  private async drain(life: GatewayLife): Promise<void> {
    await life.runtime.close();
    life.kill();
  }

  private running(): GatewayLife[] {
    return this.lives.filter((life) => life !== undefined);
  }

  /** Quotes come twice a second, and whatever a step broke is told at once. */
  private async advance(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 500) {
      await this.clock.advance(Math.min(left, 500));
      for (const life of this.running()) life.venue.quote();
      this.throwFault();
    }
  }

  private note(what: string): void {
    this.trace.push(`${String(this.clock.monotonic())} ${what}`);
  }

  /** Inside the code under test nothing is thrown: it would be caught there. */
  private watch(check: () => void): void {
    try {
      check();
    } catch (error) {
      this.fault ??=
        error instanceof BrokenPromise ? error : new BrokenPromise('no fault of the code', describe(error));
    }
  }

  private throwFault(): void {
    if (this.fault !== null) throw this.fault;
  }
}

function openCommand(accountId: string): ClientCommand {
  return {
    ...{ kind: 'openAccount', accountId, workspaceId: 'w1', name: 'Main', broker: BROKER.broker },
    ...{ environment: 'PAPER', baseCurrency: 'USD', startingCash: '1000000' },
    limits: { ...DEFAULT_LIMITS, maxConcentration: null },
  };
}
