import { definePlugin } from '@omniquant/plugin-sdk';

import { grid } from './grid.ts';

export { grid };

export default definePlugin({
  name: '@omniquant/tuner-grid',
  version: '0.1.0',
  api: '^0.1.0',
  extensions: [grid],
});
