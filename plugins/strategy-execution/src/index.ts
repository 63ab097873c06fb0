import { definePlugin } from '@omniquant/plugin-sdk';

import { execution } from './execution.ts';

export { execution };

export default definePlugin({
  name: '@omniquant/strategy-execution',
  version: '0.1.0',
  api: '^0.1.0',
  extensions: [execution],
});
