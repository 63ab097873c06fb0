import type { Clock } from '../../core/ports/clock.ts';
import { withDeadline } from '../../core/runtime/deadline.ts';
import type { HealthStatus } from '../../schema/health/health.type.ts';
import type { ComponentReport, HealthService } from '../../schema/health/health-service.ts';

const TIMEOUT_MS = 2_000;
/** Anybody may ask, so the answer is kept for a moment. */
const FRESH_MS = 1_000;

/** Something that the gateway depends on. */
export interface HealthCheck {
  readonly name: string;
  /** What the gateway is without it: DOWN when it cannot do its work, DEGRADED when it does less. */
  readonly without: 'DOWN' | 'DEGRADED';
  /** Null when all is well, else what is wrong, for operators; nothing secret. Throwing is being wrong, too. */
  check(signal: AbortSignal): Promise<string | null>;
}

export interface HealthServiceOptions {
  readonly version: string;
  readonly checks: readonly HealthCheck[];
  readonly clock: Clock;
}

const SEVERITY: readonly HealthStatus[] = ['OK', 'DEGRADED', 'DOWN'];

function worst(components: readonly ComponentReport[]): HealthStatus {
  return SEVERITY.findLast((status) => components.some((each) => each.status === status)) ?? 'OK';
}

export function createHealthService({ version, checks, clock }: HealthServiceOptions): HealthService {
  let kept: { readonly at: number; readonly components: Promise<readonly ComponentReport[]> } | null = null;

  const look = async (component: HealthCheck): Promise<ComponentReport> => {
    const { name, without } = component;
    try {
      const message = await withDeadline(clock, TIMEOUT_MS, name, (signal) => component.check(signal));
      return { name, status: message === null ? 'OK' : without, message };
    } catch (error) {
      const timedOut = error instanceof Error && error.name === 'DeadlineError';
      return { name, status: without, message: timedOut ? 'does not answer in time' : 'does not work' };
    }
  };

  return {
    async health({ principal }) {
      const now = clock.monotonic();
      if (kept === null || now - kept.at >= FRESH_MS) {
        kept = { at: now, components: Promise.all(checks.map(look)) };
      }
      const components = await kept.components;
      return { status: worst(components), version, components: principal === null ? null : components };
    },
  };
}
