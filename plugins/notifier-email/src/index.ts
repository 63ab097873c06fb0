import { definePlugin } from '@omniquant/plugin-sdk';

import { email } from './email.ts';

export { email };

export default definePlugin({
  name: '@omniquant/notifier-email',
  version: '0.1.0',
  api: '^0.1.0',
  extensions: [email],
});
