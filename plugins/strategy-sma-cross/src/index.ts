import { definePlugin } from '@omniquant/plugin-sdk';

import { smaCross } from './sma-cross.ts';

export { smaCross };

export default definePlugin({
  name: '@omniquant/strategy-sma-cross',
  version: '0.1.0',
  api: '^0.1.0',
  extensions: [smaCross],
});
