import { type Static, T } from '@omniquant/plugin-sdk';
import { advanceMarketTime } from '@omniquant/venue/market-time';

import type { VenueEngine } from './venue-engine.ts';

const DAY_MS = 24 * 3_600_000;

export const LockstepSchema = T.Object(
  {
    stepMs: T.Union([T.Integer({ minimum: 1, maximum: 7 * DAY_MS }), T.Null()]),
    until: T.Optional(T.Union([T.Integer({ minimum: 0 }), T.Null()])),
  },
  { additionalProperties: false },
);
export type LockstepRequest = Static<typeof LockstepSchema>;

export interface LockstepState {
  readonly stepMs: number | null;
  readonly step: number;
  readonly at: number;
  /** Where the market stops for good; null is never. */
  readonly until: number | null;
  /** `until` is reached, and all its effects are in. */
  readonly isDone: boolean;
}

/**
 * Time that waits: the market takes a step, tells it with the step's number, and takes the next one when that number is
 * acknowledged, by whoever watches: POST /lockstep/ack, an ack on the stream, and gateways by themselves. So all effects
 * of a step are in before the market moves on, as in a backtest.
 *
 *   step told --ack--> something was told to an account meanwhile? the same instant again, under the next number
 *                      else: up to the end of the step, but no further than where something happens to an order
 */
export class Lockstep {
  private readonly engine: VenueEngine;
  private readonly publish: (step: number | null) => void;
  private stepMs: number | null = null;
  private until: number | null = null;
  private step = 0;
  /** Where the step at hand ends; the market may have stopped before. */
  private end: number | null = null;
  private newsTold = 0;
  private isDone = false;

  constructor(engine: VenueEngine, publish: (step: number | null) => void) {
    this.engine = engine;
    this.publish = publish;
  }

  get isOn(): boolean {
    return this.stepMs !== null;
  }

  get state(): LockstepState {
    const { isDone, step, stepMs, until } = this;
    return { stepMs, step, at: this.engine.now, until, isDone };
  }

  /** Null lets time flow again. The market waits for an ack of the state's step before the first step. */
  async set({ stepMs, until = null }: LockstepRequest): Promise<void> {
    await this.engine.perform(() => {
      Object.assign(this, { stepMs, until, end: null, isDone: false });
      this.engine.setStepped(stepMs !== null);
    });
    this.newsTold = this.engine.news;
    this.publish(null);
  }

  /** Any other number than that of the last step is late or made up, and ignored. */
  acknowledge(step: number): boolean {
    const { engine, stepMs } = this;
    if (stepMs === null || step !== this.step || this.isDone) return false;
    const isSettled = engine.news === this.newsTold;
    if (isSettled && engine.now >= (this.until ?? Infinity)) {
      this.isDone = true;
      return true;
    }
    this.step += 1;
    const next = this.step;
    engine
      .perform(() => {
        if (isSettled) this.move(stepMs);
      })
      .then(
        () => {
          this.newsTold = engine.news;
          this.publish(next);
        },
        () => {
          // The venue is closing or has failed, and says so by itself.
        },
      );
    return true;
  }

  private move(stepMs: number): void {
    const { engine } = this;
    const end = this.end ?? Math.min(this.stepEnd(stepMs), this.until ?? Infinity);
    while (engine.now < end && !engine.exchange.hasNews) engine.move(end, 1);
    this.end = engine.now < end ? end : null;
  }

  /** Opens and closes are not stepped over. */
  private stepEnd(stepMs: number): number {
    const { now, replay } = this.engine;
    const { close, open } = replay.days.sessionFrom(now);
    const end = Math.floor(advanceMarketTime(replay.days, now, stepMs));
    return Math.min(end, now < open ? open : close);
  }
}
