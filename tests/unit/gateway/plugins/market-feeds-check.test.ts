import { describe, expect, it } from '@jest/globals';

import type { PluginEntry } from '../../../../gateway/plugins/load-plugin.ts';
import { checkMarketFeeds } from '../../../../gateway/plugins/market-feeds-check.ts';
import { extensionOf, memoryEntry, startHost } from '../../../support/plugins/plugin-modules.ts';

const acme = memoryEntry({ name: 'acme', extensions: [extensionOf('broker', 'acme')] });
const ticks = { name: 'ticks', extensions: [extensionOf('feed', 'ticks'), extensionOf('feed', 'replay')] };
const unreadable: PluginEntry = { specifier: '@nobody/has-this', grants: [], required: false };

async function check(broker: string, feed: string, ...entries: PluginEntry[]): Promise<string | null> {
  const host = await startHost(entries);
  try {
    checkMarketFeeds([{ broker, connection: null, feed }], host);
    return null;
  } catch (error) {
    expect(error).toMatchObject({ code: 'CONFIG_INVALID' });
    return (error as Error).message;
  } finally {
    await host.close();
  }
}

describe('MARKET_DATA_FEEDS', () => {
  const wrong = 'MARKET_DATA_FEEDS is wrong: no listed plugin has the';

  it.each([
    ['acme', 'replay', null],
    ['acme', 'replaay', `${wrong} feed replaay: the nearest is replay`],
    ['acmee', 'replay', `${wrong} broker acmee: the nearest is acme`],
    ['acme', 'elsewhere', `${wrong} feed elsewhere: there are replay, ticks`],
  ])('of %s=%s: %j', async (broker, feed, message) => {
    expect(await check(broker, feed, acme, memoryEntry(ticks))).toBe(message);
  });

  it('may name a feed whose plugin has failed, or is not enabled', async () => {
    const failing = memoryEntry({ ...ticks, start: () => Promise.reject(new Error('no files')) });
    expect(await check('acme', 'replay', acme, failing)).toBeNull();
    expect(await check('acme', 'replay', acme, memoryEntry(ticks, { enabled: false }))).toBeNull();
  });

  it('may name what a plugin has that could not be read', async () => {
    expect(await check('acme', 'elsewhere', acme, unreadable)).toBeNull();
  });

  it('says that there is no feed at all', async () => {
    expect(await check('acme', 'replay', acme)).toBe(`${wrong} feed replay: there is none`);
  });
});
