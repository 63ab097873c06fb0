import { definePlugin } from '@omniquant/plugin-sdk';

import { inverseVolatility } from './inverse-volatility.ts';

export { inverseVolatility };

export default definePlugin({
  name: '@omniquant/optimizer-inverse-volatility',
  version: '0.1.0',
  api: '^0.1.0',
  extensions: [inverseVolatility],
});
