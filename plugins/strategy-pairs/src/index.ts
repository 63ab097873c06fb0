import { definePlugin } from '@omniquant/plugin-sdk';

import { pairs } from './pairs.ts';

export { pairs };

export default definePlugin({
  name: '@omniquant/strategy-pairs',
  version: '0.1.0',
  api: '^0.1.0',
  extensions: [pairs],
});
