import { definePlugin } from '@omniquant/plugin-sdk';

import { meanReversion } from './mean-reversion.ts';

export { meanReversion };

export default definePlugin({
  name: '@omniquant/strategy-mean-reversion',
  version: '0.1.0',
  api: '^0.1.0',
  extensions: [meanReversion],
});
