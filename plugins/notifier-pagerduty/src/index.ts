import { definePlugin } from '@omniquant/plugin-sdk';

import { pagerduty } from './pagerduty.ts';

export { pagerduty };

export default definePlugin({
  name: '@omniquant/notifier-pagerduty',
  version: '0.1.0',
  api: '^0.1.0',
  extensions: [pagerduty],
});
