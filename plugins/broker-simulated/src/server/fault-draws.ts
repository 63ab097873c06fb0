import { Random } from '@omniquant/plugin-sdk/random';

import { NO_FAULTS, type RequestFate, type VenueFaults } from './venue-faults.ts';

/** A message and when it is to be sent, ms from now. */
export interface Delivery<M> {
  readonly message: M;
  readonly delayMs: number;
}

/**
 * Draws what goes wrong between the venue and its clients. Seeded, apart from the exchange's numbers,
 * so that a broken wire does not change what is traded.
 */
export class FaultDraws {
  faults: VenueFaults = NO_FAULTS;
  private readonly random: Random;
  /** Fates of the next order requests, which go before what is drawn. */
  private script: RequestFate[] = [];

  constructor(seed: string) {
    this.random = Random.fromSeed('wire', seed);
  }

  /** Decides about the next order requests, in order. */
  scriptRequests(fates: readonly RequestFate[]): void {
    this.script = [...fates];
  }

  requestFate(): RequestFate {
    const scripted = this.script.shift();
    if (scripted !== undefined) return scripted;
    const { loseRequestProbability, loseAnswerProbability, errorProbability } = this.faults.requests;
    if (this.random.chance(loseRequestProbability)) return 'loseRequest';
    if (this.random.chance(errorProbability)) return 'error';
    return this.random.chance(loseAnswerProbability) ? 'loseAnswer' : 'normal';
  }

  requestDelay(): number {
    return this.span(this.faults.requests.delayMs);
  }

  /** Some messages late, twice, not at all, or after the one behind them. */
  deliveries<M>(messages: readonly M[]): Delivery<M>[] {
    const { stream } = this.faults;
    const deliveries: Delivery<M>[] = [];
    for (const message of messages) {
      if (this.random.chance(stream.dropProbability)) continue;
      const delayMs = this.random.chance(stream.delayProbability) ? this.span(stream.delayMs) : 0;
      const place = this.random.chance(stream.reorderProbability)
        ? Math.max(0, deliveries.length - 1)
        : deliveries.length;
      deliveries.splice(place, 0, { message, delayMs });
      if (this.random.chance(stream.duplicateProbability)) {
        deliveries.push({ message, delayMs: delayMs + this.span(stream.delayMs) });
      }
    }
    return deliveries;
  }

  private span({ min, max }: { readonly min: number; readonly max: number }): number {
    return max <= 0 ? 0 : this.random.integer(min, Math.max(min, max));
  }
}
