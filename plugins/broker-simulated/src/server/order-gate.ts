import type { CommandOutcome, VenueCommand } from '@omniquant/venue/commands';

import type { VenueEngine } from './venue-engine.ts';
import { VenueError } from './venue-error.ts';
import type { RequestFate } from './venue-faults.ts';

/** How an order request ends: with an answer, with garbage, or with none at all. */
export type OrderAnswer =
  | { readonly kind: 'outcomes'; readonly outcomes: readonly CommandOutcome[] }
  | { readonly kind: 'garbage' }
  | { readonly kind: 'hang' }
  | { readonly kind: 'cut' };

/** The way in for order requests, with all that can happen to one on its way in and back. */
export class OrderGate {
  private readonly engine: VenueEngine;
  private readonly wallNow: () => number;
  private readonly noteAccepted: (ids: readonly string[]) => void;
  private allowance = 0;
  private allowedAt: number;

  /** @param noteAccepted Hears the venue's ids of orders before their sender does. */
  constructor(engine: VenueEngine, wallNow: () => number, noteAccepted: (ids: readonly string[]) => void) {
    this.engine = engine;
    this.noteAccepted = noteAccepted;
    this.wallNow = wallNow;
    this.allowedAt = wallNow();
  }

  async execute(commands: readonly VenueCommand[], signal: AbortSignal): Promise<OrderAnswer> {
    const fate = this.engine.draws.requestFate();
    await this.delay(signal);
    if (fate === 'error') {
      throw new VenueError(503, 'UNAVAILABLE', 'refused by the fault settings; try later');
    }
    if (fate === 'loseRequest') return this.lost();
    const outcomes = await this.carryOut(commands);
    this.noteAccepted(
      outcomes.flatMap((outcome) => (outcome.kind === 'accepted' ? outcome.brokerOrderId : [])),
    );
    return this.answer(fate, outcomes);
  }

  private answer(fate: RequestFate, outcomes: readonly CommandOutcome[]): OrderAnswer {
    if (fate === 'loseAnswer') return this.lost();
    return fate === 'garbage' ? { kind: 'garbage' } : { kind: 'outcomes', outcomes };
  }

  private lost(): OrderAnswer {
    return { kind: this.engine.draws.faults.requests.lossMode };
  }

  /** Cancels always pass; other commands only as fast as the limit allows. */
  private async carryOut(commands: readonly VenueCommand[]): Promise<CommandOutcome[]> {
    const { ordersPerSecond } = this.engine.draws.faults.requests;
    if (ordersPerSecond === 0) return this.engine.execute(commands);
    const now = this.wallNow();
    const earned = ((now - this.allowedAt) / 1_000) * ordersPerSecond;
    this.allowance = Math.min(ordersPerSecond, this.allowance + earned);
    this.allowedAt = now;
    const passed = commands.map((command) => command.kind === 'cancel' || this.spend());
    const outcomes = await this.engine.execute(commands.filter((_, index) => passed[index] === true));
    const message = `at most ${ordersPerSecond} orders a second`;
    return passed.map((isPassed) => {
      const outcome = isPassed ? outcomes.shift() : undefined;
      return outcome ?? { kind: 'rejected', code: 'RATE_LIMITED', message, at: this.engine.now };
    });
  }

  private spend(): boolean {
    if (this.allowance < 1) return false;
    this.allowance -= 1;
    return true;
  }

  private delay(signal: AbortSignal): Promise<void> {
    const delayMs = this.engine.draws.requestDelay();
    if (delayMs === 0) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        clearTimeout(timer);
        reject(new VenueError(503, 'CLOSING', 'the venue is closing'));
      };
      const timer = setTimeout(() => {
        signal.removeEventListener('abort', abort);
        resolve();
      }, delayMs);
      signal.addEventListener('abort', abort, { once: true });
    });
  }
}
