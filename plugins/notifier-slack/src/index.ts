import { definePlugin } from '@omniquant/plugin-sdk';

import { slack } from './slack.ts';

export { slack };

export default definePlugin({
  name: '@omniquant/notifier-slack',
  version: '0.1.0',
  api: '^0.1.0',
  extensions: [slack],
});
