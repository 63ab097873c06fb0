import type { Broker, BrokerSink } from '@omniquant/plugin-sdk';

/** One connection to a venue: which extension, and which settings and credentials. */
export interface BrokerRef {
  readonly broker: string;
  readonly connection: string;
}

/** Opens connections of broker extensions; the plugin host stands behind it. */
export interface BrokerConnector {
  /** Rejects when the extension is not there, its settings are wrong, or it cannot start; trying again is allowed. */
  connect(ref: BrokerRef, sink: BrokerSink, signal: AbortSignal): Promise<Broker>;
  /** Whether all accounts of the connection must live in one process: asked when an account is opened. */
  isExclusive(ref: BrokerRef): Promise<boolean>;
  /** For each connection what changes whenever its settings or credentials do. */
  revisions(refs: readonly BrokerRef[], signal: AbortSignal): Promise<readonly string[]>;
}
