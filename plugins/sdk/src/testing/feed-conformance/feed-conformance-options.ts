import type { Context, Permission } from '../../context.ts';

/**
 * What the cases open a feed with; nothing has to be given.
 *
 * @see {@link feedConformance}
 */
export interface FeedConformanceOptions {
  /** By the feed's schema, which fills its defaults in. */
  readonly config?: unknown;
  /** Settings that have to be refused: by the schema, or by `connect` with FeedError CONFIG_INVALID or DATA_INVALID. */
  readonly badConfigs?: readonly unknown[];
  /** Credentials by name. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Anything of the context that is to be another than the kit's. */
  readonly context?: Partial<Context<Permission>>;
  /** Events of a stream that are looked at; 200 when left out. */
  readonly events?: number;
  /** How long is waited for the next of them, ms; 1,000 when left out. A feed that says nothing is no fault. */
  readonly quietMs?: number;
  /** Within which everything has to end that was told to, ms; 2,000 when left out. */
  readonly promptMs?: number;
}
