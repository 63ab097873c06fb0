import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import filesPlugin from '@omniquant/feed-files';
import replayPlugin from '@omniquant/feed-replay';
import type { FeedDefinition } from '@omniquant/plugin-sdk';
import { feedConformance } from '@omniquant/plugin-sdk/testing';

import { type DataFolder, makeDataFolder, minuteLines } from '../../../support/market-files.ts';

const [files] = filesPlugin.extensions as unknown as readonly FeedDefinition[];
const [replay] = replayPlugin.extensions as unknown as readonly FeedDefinition[];
if (files === undefined || replay === undefined) throw new Error('a plugin has no feed');

const folder: DataFolder = makeDataFolder();

describe.each([
  ['files', files, {}],
  ['replay', replay, { speed: 0 }],
  ['replay in rounds', replay, { speed: 0, loop: true }],
])('the feed of %s passes', (_, definition, more) => {
  beforeAll(() => {
    folder.write('aapl.csv', minuteLines(40));
    folder.write('spy.csv.gz', minuteLines(30, 250));
    folder.write('trades.csv', ['time,symbol,price,size', '2018-01-02T15:00:01Z,IBM,150.5,10']);
  });
  afterAll(() => {
    folder.remove();
  });

  const source = { folder: folder.path, interval: 'MINUTE_1' };
  const sources = [
    { ...source, files: 'aapl.csv', symbol: 'AAPL' },
    { ...source, files: 'spy.csv.gz', symbol: 'SPY' },
    { folder: folder.path, files: 'trades.csv' },
  ];
  const badConfigs = [
    {},
    { sources: [], ...more },
    { sources, speeed: 1 },
    { sources: [{ ...source, files: '../*' }] },
    { sources: [{ ...source, folder: '/no/such/folder', files: '*' }] },
    { sources: [{ ...source, files: 'aapl.csv' }] },
    { sources: [{ ...source, files: 'aapl.csv', symbol: 'AAPL', timeZone: 'Mars/Base' }] },
  ];
  const options = { config: { sources, ...more }, badConfigs, events: 60, quietMs: 100 };
  for (const { number, run, title } of feedConformance(definition, options)) it(`${number} ${title}`, run);

  it('all eleven', () => {
    expect(feedConformance(definition)).toHaveLength(11);
  });
});
