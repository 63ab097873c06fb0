import type { Json, StrategyRun } from '@omniquant/plugin-sdk';

export type ExtensionKind = 'strategy' | 'broker' | 'feed' | 'optimizer' | 'model' | 'tuner' | 'notifier';

export interface ExtensionInfo {
  readonly kind: ExtensionKind;
  readonly id: string;
  readonly description: string;
  /** JSON Schema. */
  readonly configSchema: Readonly<Record<string, unknown>>;
  readonly permissions: readonly string[];
  /** JSON Schema of its credentials; null where it has none. */
  readonly secretsSchema: Readonly<Record<string, unknown>> | null;
  /** What is set for the whole gateway; null for a kind that gets its parameters when it is used. */
  readonly config: Readonly<Record<string, unknown>> | null;
  /** Names of the credentials that are set for the whole gateway, never what they are; null where they are not told. */
  readonly secretsSet: readonly string[] | null;
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
  /** Whether the operator wants it in use. */
  readonly enabled: boolean;
  /** Why it was last switched on or off. */
  readonly reason: string | null;
  /** When it was last changed through the API; null for never. */
  readonly changedAt: number | null;
  readonly extensions: readonly ExtensionInfo[];
}

export interface PluginCatalog {
  plugins(): readonly PluginInfo[];
}

export type StrategyParameters = Readonly<Record<string, Json | undefined>>;

/** What is wrong with parameters, or with the symbols and the interval that they are to be used with. */
export interface ParameterProblem {
  /** A path such as "fast" or "levels.0"; empty for the whole. */
  readonly field: string;
  readonly message: string;
  /** `field` is one of the strategy's run, "symbols" or "interval", and not of its parameters. */
  readonly isOfRun?: boolean | undefined;
}

/** Parameters of a strategy as it would get them, or what is wrong with them. */
export type CheckedParameters =
  { readonly config: StrategyParameters } | { readonly problems: readonly ParameterProblem[] };

/** The strategies that loaded plugins have. */
export interface StrategyCatalog {
  /** Extension ids, sorted. */
  strategies(): readonly string[];
  /** Fills defaults in and checks; null when no plugin has the strategy. */
  checkStrategy(
    strategy: string,
    config: StrategyParameters,
    run: StrategyRun,
  ): CheckedParameters | null | Promise<CheckedParameters | null>;
}
