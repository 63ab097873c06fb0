import type { JsonObject } from './broker-settings.ts';
import type { PluginInfo } from './plugin-catalog.ts';

export type PluginDenialCode =
  /** It is not on the list. */
  | 'NOT_LISTED'
  /** The gateway, or a plugin that it needs, cannot do without it. */
  | 'REQUIRED'
  /** Accounts are open at a broker of it. */
  | 'BROKER_IN_USE'
  /** It was never read, so that nothing is known of its settings. */
  | 'NOT_LOADED';

/** What became of a change: `invalid` names the field of the input that is wrong, e.g. "config.url". */
export type PluginChange =
  | { readonly kind: 'changed'; readonly plugin: PluginInfo }
  | { readonly kind: 'denied'; readonly code: PluginDenialCode; readonly message: string }
  | { readonly kind: 'invalid'; readonly field: string; readonly message: string };

/** Who asks for a change. */
export interface PluginOperator {
  /** "user:<id>", "key:<id>". */
  readonly actor: string;
  readonly workspaceId: string;
}

export interface PluginConfiguration {
  /** Its name, or what it is listed as. */
  readonly plugin: string;
  /** `kind:id`, or the id; null where the plugin has one extension with settings. */
  readonly extension: string | null;
  /** Undefined: as it was; null: as the list has it. */
  readonly config: JsonObject | null | undefined;
  /** Each credential that is named is set, or taken away with null. */
  readonly secrets: Readonly<Record<string, string | null>>;
}

/** What an operator does with plugins while the gateway runs. It holds here when it resolves, and elsewhere soon. */
export interface PluginOperations {
  enable(plugin: string, by: PluginOperator, signal: AbortSignal): Promise<PluginChange>;
  disable(
    plugin: string,
    reason: string | null,
    by: PluginOperator,
    signal: AbortSignal,
  ): Promise<PluginChange>;
  configure(input: PluginConfiguration, by: PluginOperator, signal: AbortSignal): Promise<PluginChange>;
}
