import { definePlugin } from '@omniquant/plugin-sdk';

import { replayFeed } from './replay-feed.ts';

export default definePlugin({
  name: '@omniquant/feed-replay',
  version: '0.1.0',
  api: '^0.1.0',
  extensions: [replayFeed],
});
