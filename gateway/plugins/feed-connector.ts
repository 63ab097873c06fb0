import type { FeedConnector } from '../../core/ports/feed-connector.ts';
import type { FeedStatus } from '../../core/runtime/feed-session.ts';
import { checkConfig } from './config-check.ts';
import { PluginError } from './plugin-error.ts';
import type { PluginHost } from './plugin-host.ts';
import type { PluginStanding } from './plugin-slot.ts';

/** Opens the feeds of plugins in use, with the settings that the operator has made for them. */
export function createFeedConnector(host: Pick<PluginHost, 'extension'>): FeedConnector {
  return {
    async connect(feedId, signal) {
      const extension = host.extension('feed', feedId);
      if (extension === null) {
        throw new PluginError(
          'PLUGIN_NOT_FOUND',
          `feed ${feedId}`,
          'no plugin in use has it; add its package to the list, enable it, or change MARKET_DATA_FEEDS',
        );
      }
      const { definition, plugin, settings } = extension;
      const { problems, value } = checkConfig(definition.config, settings.config);
      const [problem] = problems;
      if (problem !== undefined) {
        throw new PluginError(
          'PLUGIN_CONFIG_INVALID',
          plugin,
          `feed ${feedId}: ${problem.path} ${problem.message}; put it right in the list of plugins or with configurePlugin`,
        );
      }
      const end = new AbortController();
      const onAbort = (): void => {
        end.abort(signal.reason);
      };
      signal.addEventListener('abort', onAbort, { once: true });
      try {
        const context = extension.contextFor({
          connection: '',
          secrets: settings.secrets,
          signal: end.signal,
        });
        const feed = await definition.connect(value, context);
        return {
          feed,
          signal: extension.signal,
          async close() {
            end.abort();
            await feed.close();
          },
        };
      } finally {
        signal.removeEventListener('abort', onAbort);
      }
    },
  };
}

/** What is wrong with the feeds of a plugin that are in use, in words; null when nothing is. */
export function feedProblem(feeds: readonly FeedStatus[], { loaded }: PluginStanding): string | null {
  const own = loaded?.extensions.filter(({ kind }) => kind === 'feed').map(({ id }) => id) ?? [];
  const bad = feeds.filter(({ feed, reason }) => own.includes(feed) && reason !== null);
  return bad.length === 0 ? null : bad.map(({ feed, reason }) => `feed ${feed}: ${reason ?? ''}`).join('; ');
}
