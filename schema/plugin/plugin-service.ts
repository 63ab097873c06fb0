import type { PluginInfo } from '../../core/ports/plugin-catalog.ts';
import type { RequestContext } from '../context.ts';

export interface PluginService {
  /** For whoever may read. Why a plugin failed is told to the workspace that runs the gateway alone. */
  all(context: RequestContext): Promise<readonly PluginInfo[]>;
}
