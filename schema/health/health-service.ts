import type { RequestContext } from '../context.ts';
import type { HealthStatus } from './health.type.ts';

export interface ComponentReport {
  readonly name: string;
  readonly status: HealthStatus;
  readonly message: string | null;
}

export interface HealthReport {
  readonly status: HealthStatus;
  readonly version: string;
  readonly components: readonly ComponentReport[] | null;
}

export interface HealthService {
  /** For everybody; components only for callers that are known. */
  health(context: RequestContext): Promise<HealthReport>;
}
