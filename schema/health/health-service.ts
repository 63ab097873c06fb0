import type { RequestContext } from '../context.ts';
import type { Health } from './health.type.ts';

export interface HealthService {
  /** For everybody; names of components only for callers that are known. */
  health(context: RequestContext): Promise<Health>;
}
