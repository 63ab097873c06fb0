import { definePlugin } from '@omniquant/plugin-sdk';

import { equalWeight } from './equal-weight.ts';

export { equalWeight };

export default definePlugin({
  name: '@omniquant/optimizer-equal-weight',
  version: '0.1.0',
  api: '^0.1.0',
  extensions: [equalWeight],
});
