import type { Json, StrategyRun } from '@omniquant/plugin-sdk';

export type ExtensionKind = 'strategy' | 'broker' | 'feed' | 'optimizer' | 'model' | 'tuner' | 'notifier';

export interface ExtensionInfo {
  readonly kind: ExtensionKind;
  readonly id: string;
  readonly description: string;
  /** JSON Schema. */
  readonly configSchema: Readonly<Record<string, unknown>>;
  readonly permissions: readonly string[];
}

/** A plugin of the configuration, whether it could be used or not. */
export interface PluginInfo {
  /** The package's name; what the configuration says where it could not be read. */
  readonly name: string;
  readonly version: string;
  /** Range of the plugin API that it is written for. */
  readonly apiVersion: string;
  readonly status: 'READY' | 'DEGRADED' | 'FAILED' | 'DISABLED';
  readonly error: string | null;
  readonly extensions: readonly ExtensionInfo[];
}

export interface PluginCatalog {
  plugins(): readonly PluginInfo[];
}

export type StrategyParameters = Readonly<Record<string, Json | undefined>>;

/** Parameters of a strategy as it would get them, or what is wrong with them. */
export type CheckedParameters =
  | { readonly config: StrategyParameters }
  /** `field` is a path such as "fast" or "levels.0"; empty for the whole. */
  | { readonly problems: readonly { readonly field: string; readonly message: string }[] };

/** The strategies that loaded plugins have. */
export interface StrategyCatalog {
  /** Extension ids, sorted. */
  strategies(): readonly string[];
  /** Fills defaults in and checks; null when no plugin has the strategy. */
  checkStrategy(strategy: string, config: StrategyParameters, run: StrategyRun): CheckedParameters | null;
}
