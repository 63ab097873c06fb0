import type { CommandOutcome } from '@omniquant/venue/commands';
import type { ExchangeOutput } from '@omniquant/venue/exchange-output';

import type { Arrival } from './arrivals.ts';
import type { Latency } from './latency.ts';

/** Something that the venue has said, on its way to the account; JSON. */
export interface Response {
  /** Market time at which the account hears it. */
  readonly dueAt: number;
  readonly messages: ExchangeOutput['messages'];
  /** The answer to a request; null for what the venue says by itself. */
  readonly answer: { readonly arrival: Arrival; readonly outcome: CommandOutcome } | null;
}

/** What is under way from the venue, in order: nothing overtakes what was said before it. */
export class Responses {
  private waiting: Response[] = [];
  private readonly latency: Latency;

  constructor(latency: Latency) {
    this.latency = latency;
  }

  /** Whether answers take time in this run: else the account hears all at once, and nothing is ever under way. */
  get areSlow(): boolean {
    return this.latency.hasResponses;
  }

  get count(): number {
    return this.waiting.length;
  }

  /** When the first is there; Infinity without any. */
  get firstAt(): number {
    return this.waiting[0]?.dueAt ?? Infinity;
  }

  send(now: number, said: Pick<Response, 'messages' | 'answer'>): void {
    const dueAt = now + this.latency.fromVenue(now);
    this.waiting.push({ ...said, dueAt: Math.max(dueAt, this.waiting.at(-1)?.dueAt ?? dueAt) });
  }

  /** Takes out what is there at an instant, in order. */
  take(at: number): readonly Response[] {
    let count = 0;
    while (count < this.waiting.length && this.waiting[count]!.dueAt <= at) count += 1;
    return this.waiting.splice(0, count);
  }

  save(): readonly Response[] {
    return [...this.waiting];
  }

  restore(saved: readonly Response[]): void {
    this.waiting = [...saved];
  }
}
