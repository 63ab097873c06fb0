import { definePlugin } from '@omniquant/plugin-sdk';

import { randomSearch } from './random.ts';

export { randomSearch };

export default definePlugin({
  name: '@omniquant/tuner-random',
  version: '0.1.0',
  api: '^0.1.0',
  extensions: [randomSearch],
});
