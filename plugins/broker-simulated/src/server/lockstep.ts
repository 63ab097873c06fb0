import { type Static, T } from '@omniquant/plugin-sdk';

import type { VenueEngine } from './venue-engine.ts';

export const LockstepSchema = T.Object(
  { stepMs: T.Union([T.Integer({ minimum: 1, maximum: 7 * 24 * 3_600_000 }), T.Null()]) },
  { additionalProperties: false },
);
export type LockstepRequest = Static<typeof LockstepSchema>;

/**
 * Time that waits: the market takes a step, tells it with the step's number, and takes the next one
 * when that number is acknowledged, by whoever watches: POST /lockstep/ack or an ack on the stream. So
 * all effects of a step are in before the market moves on, as in a backtest.
 */
export class Lockstep {
  private readonly engine: VenueEngine;
  private readonly publish: (step: number) => void;
  private stepMs: number | null = null;
  private step = 0;

  constructor(engine: VenueEngine, publish: (step: number) => void) {
    this.engine = engine;
    this.publish = publish;
  }

  get isOn(): boolean {
    return this.stepMs !== null;
  }

  get state(): { readonly stepMs: number | null; readonly step: number; readonly at: number } {
    return { stepMs: this.stepMs, step: this.step, at: this.engine.now };
  }

  /** Null lets time flow again. The market waits for an ack of the state's step before the first step. */
  async set({ stepMs }: LockstepRequest): Promise<void> {
    await this.engine.perform(() => {
      this.stepMs = stepMs;
      this.engine.hold(stepMs !== null);
    });
  }

  /** Any other number than that of the last step is late or made up, and ignored. */
  acknowledge(step: number): boolean {
    const { stepMs } = this;
    if (stepMs === null || step !== this.step) return false;
    this.step += 1;
    const next = this.step;
    this.engine
      .perform(() => {
        this.engine.step(stepMs);
      })
      .then(
        () => {
          this.publish(next);
        },
        () => {
          // The venue is closing or has failed, and says so by itself.
        },
      );
    return true;
  }
}
