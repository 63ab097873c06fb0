import type { BrokerCatalog, BrokerDescription } from '../../core/ports/broker-catalog.ts';
import { SCRIPTED_CAPABILITIES } from './scripted-venue.ts';

/** The second cannot do without a room. */
const BROKERS: readonly BrokerDescription[] = [
  {
    id: 'scripted',
    description: 'Does as it is told.',
    configSchema: {
      type: 'object',
      properties: { url: { type: 'string' }, delay: { type: 'number' } },
    },
    configDefaults: { url: 'http://venue' },
    secretsSchema: {
      type: 'object',
      properties: { apiKey: { type: 'string' } },
      required: ['apiKey'],
    },
  },
  {
    id: 'needy',
    description: 'Has to be told where.',
    configSchema: {
      type: 'object',
      properties: { room: { type: 'string' }, delay: { type: 'number' } },
      required: ['room'],
    },
    configDefaults: {},
    secretsSchema: null,
  },
];

/** The brokers that accounts of the API's tests may be opened with. */
export const MEMORY_BROKERS: BrokerCatalog = {
  ids: () => BROKERS.map(({ id }) => id),
  find: (id) => BROKERS.find((broker) => broker.id === id),
  capabilities: () => SCRIPTED_CAPABILITIES,
};
