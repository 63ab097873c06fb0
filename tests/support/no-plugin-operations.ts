import type { PluginOperations } from '../../core/ports/plugin-operations.ts';

const nothingListed = () =>
  Promise.resolve({ kind: 'denied', code: 'NOT_LISTED', message: 'nothing is on the list' } as const);

/** Of a gateway without a list of plugins. */
export const NO_PLUGIN_OPERATIONS: PluginOperations = {
  enable: nothingListed,
  disable: nothingListed,
  configure: nothingListed,
};
