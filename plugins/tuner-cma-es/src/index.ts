import { definePlugin } from '@omniquant/plugin-sdk';

import { cmaEs } from './cma-es.ts';

export { cmaEs };

export default definePlugin({
  name: '@omniquant/tuner-cma-es',
  version: '0.1.0',
  api: '^0.1.0',
  extensions: [cmaEs],
});
