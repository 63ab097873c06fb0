import { definePlugin } from '@omniquant/plugin-sdk';

export default definePlugin({
  name: 'failing-broker',
  version: '1.0.0',
  api: '^0.1.0',
  extensions: [],
  start: () => Promise.reject(new Error('no licence')),
});
