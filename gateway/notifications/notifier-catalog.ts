import type { NotifierCatalog } from '../../core/ports/notifiers.ts';
import type { PluginHost } from '../plugins/plugin-host.ts';

/** The notifiers of the plugins in use, as they are now. */
export function createNotifierCatalog(host: Pick<PluginHost, 'extension' | 'plugins'>): NotifierCatalog {
  return {
    ids: () =>
      host.plugins
        .flatMap(({ extensions }) => extensions)
        .filter(({ kind }) => kind === 'notifier')
        .map(({ id }) => id)
        .sort(),
    find(id) {
      const found = host.extension('notifier', id);
      if (found === null) return null;
      const { config, secrets } = found.definition;
      return { id, configSchema: config, secretsSchema: secrets ?? null };
    },
  };
}
