import { type BrokerCapabilities, defineBroker, type OrderType, T } from '@omniquant/plugin-sdk';
import { VENUE_CAPABILITIES } from '@omniquant/venue/venue-capabilities';

import { SimulatedBroker } from './client/simulated-broker.ts';
import { StreamClient } from './client/stream-client.ts';
import { VenueHttp } from './client/venue-http.ts';

const ORDER_TYPES = VENUE_CAPABILITIES.orderTypes;

/** The venue itself takes all types; fewer make the gateway watch the triggers of the others. */
const capabilitiesOf = (orderTypes: readonly OrderType[]): BrokerCapabilities => ({
  ...VENUE_CAPABILITIES,
  orderTypes,
  settleMs: 1_000,
  buyingPowerMultiplier: '4',
  fees: { perUnit: '0.005', rate: '0', minimum: '0' },
});

/** The simulated venue as a broker: it behaves as an outside one does, and replays recorded markets. */
export const simulated = defineBroker({
  id: 'simulated',
  description: 'Simulated venue that replays recorded markets',
  permissions: ['network'],
  config: T.Object(
    {
      url: T.String({
        pattern: '^https?://',
        description: 'Where the venue listens, e.g. http://127.0.0.1:7400',
      }),
      token: T.Optional(T.String({ minLength: 1, description: 'Bearer token, if the venue asks for one' })),
      nativeOrderTypes: T.Optional(
        T.Array(T.Union(ORDER_TYPES.map((type) => T.Literal(type))), {
          uniqueItems: true,
          description: 'Order types that the venue is to hold itself; the gateway emulates the others',
        }),
      ),
    },
    { additionalProperties: false },
  ),
  connect({ url, token, nativeOrderTypes }, ctx, sink) {
    const stream = new StreamClient({ url, token, log: ctx.log, sink });
    const broker = new SimulatedBroker(
      new VenueHttp(url, token, ctx.fetch),
      stream,
      capabilitiesOf(nativeOrderTypes ?? ORDER_TYPES),
    );
    ctx.signal.addEventListener('abort', () => void broker.close(), { once: true });
    return Promise.resolve(broker);
  },
});
