import { ask } from '../venue/simulated-connection.ts';
import { until } from './until.ts';

interface LockstepState {
  readonly stepMs: number | null;
  readonly step: number;
  readonly at: number;
  readonly isDone: boolean;
}

/** A venue whose time waits for the gateway. */
export interface Lockstep {
  /** Lets the market come to an instant, step by step; resolves when all that follows from it is done. */
  runUntil(at: number): Promise<void>;
}

const STEP_MS = 60_000;

export async function enterLockstep(url: string): Promise<Lockstep> {
  await ask(url, 'PUT', '/lockstep', { stepMs: STEP_MS });
  return {
    async runUntil(at) {
      const { step } = await ask<LockstepState>(url, 'PUT', '/lockstep', { stepMs: STEP_MS, until: at });
      await ask(url, 'POST', '/lockstep/ack', { step });
      await until(
        `market time ${new Date(at).toISOString()}`,
        async () => (await ask<LockstepState>(url, 'GET', '/lockstep')).isDone,
        240_000,
      );
    },
  };
}
