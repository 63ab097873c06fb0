import type { PluginStorage } from './storage.ts';

/**
 * Structured log lines of the gateway; they bear the names of plugin and extension; with a
 * `traceparent` among the fields also the trace of the work at hand. Fields are for machines, the message
 * is for people; no credential may stand in either.
 * @example
 * ```ts
 * const warnOfLag = (log: Logger, lagMs: number) => log.warn('the feed is behind', { lagMs });
 * ```
 */
export interface Logger {
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void;
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

/**
 * What each permission adds to a context. Without it the property is not there at all.
 * @example
 * ```ts
 * async function logIn(ctx: Context<'network' | 'secrets'>): Promise<boolean> {
 *   const authorization = `Bearer ${await ctx.secret('token')}`;
 *   const response = await ctx.fetch('https://api.acme.example/me', { headers: { authorization }, signal: ctx.signal });
 *   return response.ok;
 * }
 * ```
 */
export interface Grants {
  readonly network: { readonly fetch: typeof globalThis.fetch };
  readonly secrets: {
    /** A credential of this connection; rejects when the operator has not set it, and says how that is done. */
    secret(name: string): Promise<string>;
  };
  readonly storage: { readonly storage: PluginStorage };
}

/**
 * What an extension asks for in `permissions` and the operator grants on the list of plugins. `network`: `ctx.fetch`.
 * `secrets`: `ctx.secret`. `storage`: `ctx.storage`. A plugin of which one is not granted is not used.
 * @see {@link Grants}
 */
export type Permission = keyof Grants;

type UnionToIntersection<U> = (U extends unknown ? (union: U) => void : never) extends (
  intersection: infer I,
) => void
  ? I
  : never;

/**
 * What the host lends an extension: exactly what it asked for and the operator granted, and no more.
 * @example
 * ```ts
 * async function lastSeen({ log, now, storage }: Context<'storage'>): Promise<void> {
 *   log.info('seen before', { at: await storage.get('seen') });
 *   await storage.set('seen', new Date(now()).toISOString());
 * }
 * ```
 */
export type Context<P extends Permission = never> = {
  readonly log: Logger;
  /** Aborted when the extension is stopped. */
  readonly signal: AbortSignal;
  /** The time of day, epoch ms. */
  now(): number;
} & ([P] extends [never] ? unknown : UnionToIntersection<Grants[P]>);
