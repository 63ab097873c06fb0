import { definePlugin } from '@omniquant/plugin-sdk';

import { breakout } from './breakout.ts';

export { breakout };

export default definePlugin({
  name: '@omniquant/strategy-breakout',
  version: '0.1.0',
  api: '^0.1.0',
  extensions: [breakout],
});
