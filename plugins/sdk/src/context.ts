/** Structured log lines; they bear the plugin's name and the trace of the work at hand. */
export interface Logger {
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void;
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

/** What each permission adds to a context. */
export interface Grants {
  readonly network: { readonly fetch: typeof globalThis.fetch };
  readonly secrets: {
    /** A credential of this connection; throws when the operator has not set it. */
    secret(name: string): Promise<string>;
  };
  readonly storage: {
    readonly storage: {
      get(key: string): Promise<string | null>;
      set(key: string, value: string): Promise<void>;
      delete(key: string): Promise<void>;
    };
  };
}

export type Permission = keyof Grants;

type UnionToIntersection<U> = (U extends unknown ? (union: U) => void : never) extends (
  intersection: infer I,
) => void
  ? I
  : never;

/** What the host lends an extension: exactly what it asked for and the operator granted, and no more. */
export type Context<P extends Permission = never> = {
  readonly log: Logger;
  /** Aborted when the extension is stopped. */
  readonly signal: AbortSignal;
  /** Epoch ms. */
  now(): number;
} & ([P] extends [never] ? unknown : UnionToIntersection<Grants[P]>);
