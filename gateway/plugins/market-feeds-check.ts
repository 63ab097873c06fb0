import { type Config, ConfigError } from '../config.ts';
import { nearestText } from '../services/nearest-text.ts';
import type { PluginHost } from './plugin-host.ts';

/**
 * Checks MARKET_DATA_FEEDS when plugins have been started: a broker or feed that no listed plugin has is a mistake,
 * which would come out as strategies that wait for ever. One of a plugin that failed or is not enabled is none, nor is
 * any while there is a plugin that could not be read: the gateway starts, and `health` says so.
 * @throws ConfigError naming the setting and what is like the name.
 */
export function checkMarketFeeds(
  choices: Config['MARKET_DATA_FEEDS'],
  { standings }: Pick<PluginHost, 'standings'>,
): void {
  if (standings.some(({ loaded }) => loaded === null)) return;
  const known = (kind: 'broker' | 'feed'): readonly string[] =>
    standings
      .flatMap(({ loaded }) => loaded?.extensions ?? [])
      .flatMap((extension) => (extension.kind === kind ? [extension.id] : []))
      .sort();
  for (const choice of choices) {
    refuseUnknown('broker', choice.broker, known('broker'));
    refuseUnknown('feed', choice.feed, known('feed'));
  }
}

function refuseUnknown(kind: 'broker' | 'feed', id: string, known: readonly string[]): void {
  if (known.includes(id)) return;
  const nearest = nearestText(id, known);
  const all = known.length === 0 ? 'there is none' : `there are ${known.join(', ')}`;
  const hint = nearest === null ? all : `the nearest is ${nearest}`;
  throw new ConfigError('MARKET_DATA_FEEDS', `is wrong: no listed plugin has the ${kind} ${id}: ${hint}`);
}
