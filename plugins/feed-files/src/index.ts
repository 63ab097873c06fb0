import { definePlugin } from '@omniquant/plugin-sdk';

import { filesFeed } from './files-feed.ts';

export default definePlugin({
  name: '@omniquant/feed-files',
  version: '0.1.0',
  api: '^0.1.0',
  extensions: [filesFeed],
});
