import type { TSchema } from '@sinclair/typebox';

import type { BrokerDefinition } from './broker.ts';
import type { Context, Permission } from './context.ts';
import type { FeedDefinition } from './feed.ts';
import type { NotifierDefinition } from './notifier.ts';
import type { StrategyDefinition } from './strategy.ts';

/** Version of this contract. A plugin names the range it was written for; the host refuses others. */
export const API_VERSION = '0.1.0';

const PLUGIN = Symbol.for('omniquant.plugin');

/** The kinds of extension a plugin may hold. */
export type Extension =
  | BrokerDefinition<TSchema, Permission>
  | FeedDefinition<TSchema, Permission>
  | NotifierDefinition<TSchema, Permission>
  | StrategyDefinition;

export interface PluginDefinition {
  /** The npm package's name. */
  readonly name: string;
  readonly version: string;
  /** Range of `API_VERSION` that it works with, e.g. "^0.1.0". */
  readonly api: string;
  /** Names of plugins that must have started before. */
  readonly after?: readonly string[];
  // Each extension is typed by its own schema, which a list cannot express; the host checks the schema at run time.
  readonly extensions: readonly { readonly kind: Extension['kind']; readonly id: string }[];
  start?(ctx: Context): Promise<void>;
  stop?(): Promise<void>;
}

export type Plugin = Readonly<PluginDefinition>;

/** Declares a plugin: the default export of its package. */
export function definePlugin(definition: PluginDefinition): Plugin {
  return Object.freeze({ [PLUGIN]: true, ...definition });
}

/** By brand, not by class: a plugin may carry its own copy of this package. */
export function isPlugin(value: unknown): value is Plugin {
  return typeof value === 'object' && value !== null && PLUGIN in value;
}
