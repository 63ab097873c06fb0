import type { Context, Logger as PluginLogger, Permission, PluginStorage } from '@omniquant/plugin-sdk';

import type { Logger } from '../telemetry/logger.ts';

export interface PluginContextOptions {
  readonly plugin: string;
  readonly extension: string | null;
  readonly permissions: readonly Permission[];
  readonly signal: AbortSignal;
  readonly logger: Logger;
  readonly now: () => number;
  /** Credentials, by name. */
  readonly secrets: ReadonlyMap<string, string>;
  /** The mutation that sets them; by default that of a broker's connection. */
  readonly secretsSetBy?: string;
  /** Null where nothing can be stored, with the permission or without. */
  readonly storage?: PluginStorage | null;
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
        ? Promise.reject(
            new Error(
              `the credential ${name} is not set; set it with ${options.secretsSetBy ?? 'setBrokerCredentials'}`,
            ),
          )
        : Promise.resolve(value);
    };
  }
  const { storage = null } = options;
  if (options.permissions.includes('storage') && storage !== null) {
    granted['storage'] = storage;
  }
  const base: Context = {
    log: pluginLogger(options.logger, options.plugin, options.extension),
    signal: options.signal,
    now: options.now,
  };
  return Object.freeze({ ...base, ...granted }) as Context<Permission>;
}

/** Lines that bear the names of plugin and extension. */
export function pluginLogger(logger: Logger, plugin: string, extension: string | null): PluginLogger {
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
