import { type Principal, requireScope } from '../../core/identity/principal.ts';
import type { PluginCatalog } from '../../core/ports/plugin-catalog.ts';
import type { PluginService } from '../../schema/plugin/plugin-service.ts';

export interface PluginServiceOptions {
  readonly plugins: PluginCatalog;
  /** Whether the caller's workspace runs this gateway. */
  readonly isOperator: (principal: Principal, signal: AbortSignal) => Promise<boolean>;
}

export function createPluginService({ plugins, isOperator }: PluginServiceOptions): PluginService {
  return {
    async all(context) {
      const principal = requireScope(context.principal, 'READ');
      const all = plugins.plugins();
      // An error may tell of the machine: of paths, and of what is installed.
      if (all.every(({ error }) => error === null) || (await isOperator(principal, context.signal))) {
        return all;
      }
      return all.map((plugin) => ({ ...plugin, error: plugin.error === null ? null : 'does not work' }));
    },
  };
}
