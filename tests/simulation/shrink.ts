import type { Plan } from './plan.ts';
import { simulate, type Verdict } from './simulation.ts';

export interface Minimal extends Verdict {
  readonly plan: Plan;
}

/** Leaves out steps, large parts first, as long as the same promise is still broken. */
export async function shrink(plan: Plan, promise: string): Promise<Minimal> {
  let best: Minimal = { plan, ...(await simulate(plan)) };
  for (let size = Math.ceil(plan.steps.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let from = 0; from < best.plan.steps.length;) {
      const steps = best.plan.steps.toSpliced(from, size);
      const smaller = { ...best.plan, steps };
      const verdict = await simulate(smaller);
      if (verdict.broken?.promise === promise) best = { plan: smaller, ...verdict };
      else from += size;
    }
  }
  return best;
}
