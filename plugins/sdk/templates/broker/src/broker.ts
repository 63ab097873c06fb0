import { type BrokerCapabilities, defineBroker, T } from '@omniquant/plugin-sdk';

import { AcmeBroker } from './acme-broker.ts';
import { createHttp } from './http.ts';
import { Stream } from './stream.ts';
import { TIMES_IN_FORCE, TYPES } from './wire.ts';

const keysOf = <K extends string>(table: Readonly<Record<K, unknown>>): readonly K[] =>
  Object.keys(table) as K[];

const CAPABILITIES: BrokerCapabilities = {
  orderTypes: keysOf(TYPES),
  timesInForce: keysOf(TIMES_IN_FORCE),
  ...{ notional: false, fractional: true, shortSelling: true, postOnly: false, reduceOnly: false },
  ...{ displayQuantity: false, extendedHours: false, replace: true, refusesDuplicates: true },
  settleMs: 1_000,
  buyingPowerMultiplier: '1',
  fees: { perUnit: '0', rate: '0', minimum: '0' },
};

/** A broker for Acme Securities, which exists only in fake-venue/: yours begins by changing wire.ts and http.ts. */
export const broker = defineBroker({
  id: 'acme',
  description: 'Acme Securities',
  permissions: ['network', 'secrets'],
  // One connection for each token.
  exclusive: true,
  config: T.Object(
    {
      url: T.String({ pattern: '^https?://', description: 'Where Acme listens' }),
      silenceMs: T.Optional(
        T.Integer({
          minimum: 100,
          description: 'A stream that is silent for longer is dead; 10,000 if left out',
        }),
      ),
    },
    { additionalProperties: false },
  ),
  secrets: T.Object({ token: T.String({ minLength: 1 }) }),
  async connect({ silenceMs = 10_000, url }, ctx, sink) {
    const token = await ctx.secret('token');
    const http = createHttp(url.replace(/\/+$/, ''), token, ctx.fetch);
    const stream: Stream = new Stream({
      ...{ url: url.replace(/\/+$/, ''), token, silenceMs, log: ctx.log },
      status: (status) => {
        sink.status(status);
      },
      message: (message) => {
        acme.hear(message);
      },
    });
    const acme: AcmeBroker = new AcmeBroker(
      { http, stream, sink, log: ctx.log, now: () => ctx.now() },
      CAPABILITIES,
    );
    ctx.signal.addEventListener('abort', () => void acme.close(), { once: true });
    return acme;
  },
});
