import type { BrokerCapabilities } from '@omniquant/plugin-sdk';

import type { BrokerRef } from './broker-connector.ts';

/** A broker extension as accounts are opened at it. */
export interface BrokerDescription {
  /** What `openAccount(broker: ...)` names. */
  readonly id: string;
  readonly description: string;
  /** JSON Schemas. */
  readonly configSchema: Readonly<Record<string, unknown>>;
  /** What the gateway sets for every connection, e.g. the address of its simulated venue: not the account's to change. */
  readonly configDefaults: Readonly<Record<string, unknown>>;
  /** Null for a broker without credentials. */
  readonly secretsSchema: Readonly<Record<string, unknown>> | null;
}

/** The broker extensions that are there; the plugin host stands behind it. */
export interface BrokerCatalog {
  /** Ids of those of the loaded plugins, sorted. */
  ids(): readonly string[];
  find(id: string): BrokerDescription | undefined;
  /** What a connection can do, once one of its kind has been open in this process; else null. */
  capabilities(ref: BrokerRef): BrokerCapabilities | null;
}
