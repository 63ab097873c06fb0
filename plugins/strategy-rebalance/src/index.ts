import { definePlugin } from '@omniquant/plugin-sdk';

import { rebalance } from './rebalance.ts';

export { rebalance };

export default definePlugin({
  name: '@omniquant/strategy-rebalance',
  version: '0.1.0',
  api: '^0.1.0',
  extensions: [rebalance],
});
