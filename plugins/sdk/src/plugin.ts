import type { TSchema } from '@sinclair/typebox';

import type { BrokerDefinition } from './broker.ts';
import type { Context, Permission } from './context.ts';
import type { FeedDefinition } from './feed.ts';
import type { ModelDefinition } from './model.ts';
import type { NotifierDefinition } from './notifier.ts';
import type { OptimizerDefinition } from './optimizer.ts';
import type { StrategyDefinition } from './strategy.ts';
import type { TunerDefinition } from './tuner.ts';

/**
 * Version of this contract, as of semver. A plugin names the range it was written for in its `api`; the host refuses
 * others.
 * @example
 * ```ts
 * console.log(`written with version ${API_VERSION} of the plugin API`);
 * ```
 */
export const API_VERSION = '0.1.0';

const PLUGIN = Symbol.for('omniquant.plugin');

/**
 * The kinds of extension a plugin may hold, told apart by `kind`. Each is made by its own function, such as
 * {@link defineStrategy}.
 * @see {@link definePlugin}
 */
export type Extension =
  | BrokerDefinition<TSchema, Permission>
  | FeedDefinition<TSchema, Permission>
  | ModelDefinition
  | NotifierDefinition<TSchema, Permission>
  | OptimizerDefinition
  | StrategyDefinition
  | TunerDefinition;

/**
 * How a plugin says it is: DEGRADED does less than it should, and says what is wrong in a line for operators.
 * @example
 * ```ts
 * const healthOf = (lagMs: number): PluginHealth =>
 *   lagMs < 5_000 ? { status: 'READY' } : { status: 'DEGRADED', message: `prices are ${lagMs} ms old` };
 * ```
 */
export type PluginHealth =
  { readonly status: 'READY' } | { readonly status: 'DEGRADED'; readonly message: string };

/**
 * What a plugin is: a package of extensions, with the hooks of its life.
 * @see {@link definePlugin}
 */
export interface PluginDefinition {
  /** The npm package's name. */
  readonly name: string;
  /** That of the package, e.g. "1.2.0". */
  readonly version: string;
  /** Range of `API_VERSION` that it works with, e.g. "^0.1.0". */
  readonly api: string;
  /** Names of plugins that must have started before. */
  readonly after?: readonly string[];
  // Each extension is typed by its own schema, which a list cannot express; the host checks the schema at run time.
  readonly extensions: readonly { readonly kind: Extension['kind']; readonly id: string }[];
  /** Called before any of its extensions is used. A plugin that throws is not used. */
  start?(ctx: Context): Promise<void>;
  /** Called after the last use of its extensions, and given five seconds. */
  stop?(): Promise<void>;
  /**
   * Asked every ten seconds while the plugin is in use, and given two: one that throws or does not answer in
   * time is DEGRADED. That changes nothing but what operators see.
   * @example
   * ```ts
   * declare function ping(signal: AbortSignal): Promise<boolean>;
   *
   * const health: PluginDefinition['health'] = async (signal) =>
   *   (await ping(signal)) ? { status: 'READY' } : { status: 'DEGRADED', message: 'no answer' };
   * ```
   */
  health?(signal: AbortSignal): Promise<PluginHealth>;
}

/**
 * A plugin as {@link definePlugin} makes it: branded, so that a host knows it, and frozen.
 * @see {@link isPlugin}
 */
export type Plugin = Readonly<PluginDefinition>;

/**
 * Declares a plugin: the default export of its package. What is wrong with it is said by the host that loads it.
 * @example
 * ```ts
 * const idle = defineStrategy({
 *   id: 'idle', description: 'Does nothing', config: T.Object({}), create: () => ({}),
 * });
 *
 * export default definePlugin({ name: 'my-strategy', version: '0.1.0', api: '^0.1.0', extensions: [idle] });
 * ```
 */
export function definePlugin(definition: PluginDefinition): Plugin {
  return Object.freeze({ [PLUGIN]: true, ...definition });
}

/**
 * Whether something was made by {@link definePlugin}. By brand, not by class: a plugin may carry its own copy of this
 * package.
 * @example
 * ```ts
 * const { default: found } = (await import('my-strategy' as string)) as { default: unknown };
 * if (!isPlugin(found)) throw new Error('my-strategy has no plugin as its default export');
 * ```
 */
export function isPlugin(value: unknown): value is Plugin {
  return typeof value === 'object' && value !== null && PLUGIN in value;
}
