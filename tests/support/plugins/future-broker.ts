import { definePlugin } from '@omniquant/plugin-sdk';

export default definePlugin({ name: 'future-broker', version: '1.0.0', api: '^99.0.0', extensions: [] });
