import { definePlugin } from '@omniquant/plugin-sdk';

import { tpe } from './tpe.ts';

export { tpe };

export default definePlugin({
  name: '@omniquant/tuner-tpe',
  version: '0.1.0',
  api: '^0.1.0',
  extensions: [tpe],
});
