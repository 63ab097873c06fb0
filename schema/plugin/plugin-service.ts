import type { JsonObject } from '../../core/ports/broker-settings.ts';
import type { PluginInfo } from '../../core/ports/plugin-catalog.ts';
import type { PluginDenialCode } from '../../core/ports/plugin-operations.ts';
import type { RequestContext } from '../context.ts';

export type PluginOutcome =
  | { readonly kind: 'changed'; readonly plugin: PluginInfo }
  | { readonly kind: 'denied'; readonly code: PluginDenialCode; readonly message: string };

export interface ConfigurePluginRequest {
  readonly plugin: string;
  readonly extension?: string | null;
  readonly config?: JsonObject | null;
  readonly secrets?: JsonObject | null;
}

/** Changes are for ADMIN of the workspace that runs the gateway; they hold here when they resolve, elsewhere soon. */
export interface PluginService {
  /** For whoever may read. Errors and settings are told to the workspace that runs the gateway alone. */
  all(context: RequestContext): Promise<readonly PluginInfo[]>;
  enable(context: RequestContext, plugin: string): Promise<PluginOutcome>;
  disable(context: RequestContext, plugin: string, reason: string | null): Promise<PluginOutcome>;
  configure(context: RequestContext, request: ConfigurePluginRequest): Promise<PluginOutcome>;
}
