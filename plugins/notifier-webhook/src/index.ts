import { definePlugin } from '@omniquant/plugin-sdk';

import { webhook } from './webhook.ts';

export { webhook };

export default definePlugin({
  name: '@omniquant/notifier-webhook',
  version: '0.1.0',
  api: '^0.1.0',
  extensions: [webhook],
});
