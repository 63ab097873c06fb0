import { actorOf, hasScope, type Principal, requireScope } from '../../core/identity/principal.ts';
import type { JsonObject } from '../../core/ports/broker-settings.ts';
import type { PluginCatalog, PluginInfo } from '../../core/ports/plugin-catalog.ts';
import type { PluginChange, PluginOperations, PluginOperator } from '../../core/ports/plugin-operations.ts';
import type { RequestContext } from '../../schema/context.ts';
import { apiError, badInput } from '../../schema/errors/api-error.ts';
import type { PluginOutcome, PluginService } from '../../schema/plugin/plugin-service.ts';
import { requireReason } from './text-arguments.ts';

export interface PluginServiceOptions {
  readonly plugins: PluginCatalog;
  readonly operations: PluginOperations;
  /** Whether the caller's workspace runs this gateway. */
  readonly isOperator: (principal: Principal, signal: AbortSignal) => Promise<boolean>;
}

export function createPluginService({
  isOperator,
  operations,
  plugins,
}: PluginServiceOptions): PluginService {
  const requireOperator = async (context: RequestContext): Promise<PluginOperator> => {
    const principal = requireScope(context.principal, 'ADMIN');
    if (!(await isOperator(principal, context.signal))) {
      throw apiError('FORBIDDEN', 'This is for the workspace that runs the gateway.');
    }
    return { actor: actorOf(principal), workspaceId: principal.workspaceId };
  };

  return {
    async all(context) {
      const principal = requireScope(context.principal, 'READ');
      const all = plugins.plugins();
      // An error may tell of the machine: of paths, and of what is installed.
      if (!(await isOperator(principal, context.signal))) return all.map(withoutMachine).map(withoutSettings);
      return hasScope(principal, 'ADMIN') ? all : all.map(withoutSettings);
    },

    async enable(context, plugin) {
      const by = await requireOperator(context);
      return outcomeOf(await operations.enable(plugin, by, context.signal));
    },

    async disable(context, plugin, reason) {
      const by = await requireOperator(context);
      if (reason !== null) requireReason(reason);
      return outcomeOf(await operations.disable(plugin, reason, by, context.signal));
    },

    async configure(context, { config, extension, plugin, secrets }) {
      const by = await requireOperator(context);
      const request = { plugin, extension: extension ?? null, config, secrets: textsOf(secrets ?? {}) };
      return outcomeOf(await operations.configure(request, by, context.signal));
    },
  };
}

const withoutMachine = (plugin: PluginInfo): PluginInfo => ({
  ...plugin,
  error: plugin.error === null ? null : 'does not work',
  reason: null,
});

const withoutSettings = (plugin: PluginInfo): PluginInfo => ({
  ...plugin,
  extensions: plugin.extensions.map((extension) => ({ ...extension, config: null, secretsSet: null })),
});

function outcomeOf(change: PluginChange): PluginOutcome {
  if (change.kind !== 'invalid') return change;
  throw badInput(`${change.message}.`, `input.${change.field}`);
}

/** Credentials are texts by name, or null for one that is to be taken away. */
function textsOf(secrets: JsonObject): Readonly<Record<string, string | null>> {
  return Object.fromEntries(
    Object.entries(secrets).map(([name, value]) => {
      if (typeof value === 'string' || value === null) return [name, value];
      throw badInput(`secrets.${name} is neither a text nor null.`, `input.secrets.${name}`);
    }),
  );
}
