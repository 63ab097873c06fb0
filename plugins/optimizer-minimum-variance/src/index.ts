import { definePlugin } from '@omniquant/plugin-sdk';

import { minimumVariance } from './minimum-variance.ts';

export { minimumVariance };

export default definePlugin({
  name: '@omniquant/optimizer-minimum-variance',
  version: '0.1.0',
  api: '^0.1.0',
  extensions: [minimumVariance],
});
