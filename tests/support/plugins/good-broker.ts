import { type Broker, defineBroker, definePlugin, T } from '@omniquant/plugin-sdk';

const good = defineBroker({
  id: 'good',
  description: 'Connects to nothing',
  secrets: T.Object({ token: T.String() }),
  config: T.Object({ url: T.String({ format: 'uri' }), retries: T.Integer({ default: 3 }) }),
  permissions: ['network', 'secrets'],
  async connect(config, ctx) {
    const token = await ctx.secret('token');
    // The tests look at what the connection was given.
    return {
      config,
      token,
      hasFetch: typeof ctx.fetch === 'function',
      hasStorage: 'storage' in ctx,
    } as unknown as Broker;
  },
});

export default definePlugin({ name: 'good-broker', version: '1.0.0', api: '^0.1.0', extensions: [good] });
