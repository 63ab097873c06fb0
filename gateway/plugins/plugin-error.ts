export type PluginErrorCode =
  | 'PLUGIN_NOT_FOUND'
  | 'PLUGIN_INVALID'
  | 'PLUGIN_API_MISMATCH'
  | 'PLUGIN_DUPLICATE_ID'
  | 'PLUGIN_PERMISSION_DENIED'
  | 'PLUGIN_CONFIG_INVALID'
  | 'PLUGIN_START_FAILED'
  /** One that it starts after is on the list and not in use. */
  | 'PLUGIN_DEPENDENCY_STOPPED';

/** Why a plugin cannot be used. The message names it, the extension where there is one, and what to do. */
export class PluginError extends Error {
  readonly code: PluginErrorCode;
  readonly plugin: string;

  constructor(code: PluginErrorCode, plugin: string, message: string, options?: ErrorOptions) {
    super(`${plugin}: ${message}`, options);
    this.name = 'PluginError';
    this.code = code;
    this.plugin = plugin;
  }
}
