/** Why an extension is not in use any more; the reason of its aborted signal. */
export class PluginStopped extends Error {
  readonly code = 'PLUGIN_STOPPED';
  /** It is about to begin again, with other settings or another version of its code. */
  readonly isReplaced: boolean;

  constructor(plugin: string, why: 'DISABLED' | 'REPLACED' | 'CLOSING') {
    super(`${plugin} is stopped: ${why.toLowerCase()}`);
    this.name = 'PluginStopped';
    this.isReplaced = why === 'REPLACED';
  }
}
