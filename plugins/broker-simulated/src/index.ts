import { definePlugin } from '@omniquant/plugin-sdk';

import { simulated } from './simulated.ts';

export { simulated };

export default definePlugin({
  name: '@omniquant/broker-simulated',
  version: '0.1.0',
  api: '^0.1.0',
  extensions: [simulated],
});
