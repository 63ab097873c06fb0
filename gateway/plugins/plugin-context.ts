import type { Context, Logger as PluginLogger, Permission } from '@omniquant/plugin-sdk';

import type { Logger } from '../telemetry/logger.ts';

export interface PluginContextOptions {
  readonly plugin: string;
  readonly extension: string | null;
  readonly permissions: readonly Permission[];
  readonly signal: AbortSignal;
  readonly logger: Logger;
  readonly now: () => number;
  /** Credentials of the connection, by name. */
  readonly secrets: ReadonlyMap<string, string>;
}

/** What an extension is lent: the parts of the context that it has permission for, and no others. */
export function createPluginContext(options: PluginContextOptions): Context<Permission> {
  const granted: Record<string, unknown> = {};
  if (options.permissions.includes('network')) {
    granted['fetch'] = globalThis.fetch;
  }
  if (options.permissions.includes('secrets')) {
    granted['secret'] = (name: string): Promise<string> => {
      const value = options.secrets.get(name);
      return value === undefined
        ? Promise.reject(new Error(`the credential ${name} is not set; set it with setBrokerCredentials`))
        : Promise.resolve(value);
    };
  }
  const base: Context = {
    log: pluginLogger(options),
    signal: options.signal,
    now: options.now,
  };
  return Object.freeze({ ...base, ...granted }) as Context<Permission>;
}

function pluginLogger({ logger, plugin, extension }: PluginContextOptions): PluginLogger {
  const own = logger.child({ plugin, ...(extension === null ? {} : { extension }) });
  return {
    debug: (message, fields) => {
      own.debug(fields ?? {}, message);
    },
    info: (message, fields) => {
      own.info(fields ?? {}, message);
    },
    warn: (message, fields) => {
      own.warn(fields ?? {}, message);
    },
    error: (message, fields) => {
      own.error(fields ?? {}, message);
    },
  };
}
