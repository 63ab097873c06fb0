/** Bounds of the public server. Tests and installations may change single ones. */
export interface ServerLimits {
  /** Bytes of a request's body. */
  readonly bodyBytes: number;
  /** A request is given up after this; ms. */
  readonly requestTimeoutMs: number;
  /** Time for a request to arrive whole; ms. */
  readonly receiveTimeoutMs: number;
  /** How long `close` waits for requests in flight; ms. */
  readonly drainTimeoutMs: number;

  /** Bytes of a WebSocket message from a client. */
  readonly messageBytes: number;
  /** Between the opening of a socket and its connection_init; ms. */
  readonly initTimeoutMs: number;
  /** Between pings; a socket that has not answered one by the next is ended; ms. */
  readonly pingIntervalMs: number;
  readonly operationsPerSocket: number;
  /** Of one user or one API key. */
  readonly socketsPerPrincipal: number;
  readonly socketsPerAddress: number;
  readonly sockets: number;
  /** Bytes waiting in a socket above which its subscriptions are held back. */
  readonly socketHighWaterBytes: number;
  /** Bytes waiting in a socket above which it is ended. */
  readonly socketHardCapBytes: number;
  /** A socket that takes nothing for so long, while its subscriptions are held back, is ended; ms. */
  readonly socketStallMs: number;

  /** Events that may come up while a subscriber's socket takes nothing before it is a slow consumer. */
  readonly subscriberQueue: number;
  /** Between two updates of an account to its subscribers; ms. */
  readonly accountUpdateIntervalMs: number;
  /** Between two looks at the journal's heads, in case a notice was lost; ms. */
  readonly headPollIntervalMs: number;
  /** How long rights that were found out hold without being asked for again; ms. */
  readonly rightsFreshMs: number;
}

export const SERVER_LIMITS: ServerLimits = {
  bodyBytes: 100_000,
  requestTimeoutMs: 30_000,
  receiveTimeoutMs: 30_000,
  drainTimeoutMs: 10_000,
  messageBytes: 64_000,
  initTimeoutMs: 3_000,
  pingIntervalMs: 15_000,
  operationsPerSocket: 100,
  socketsPerPrincipal: 200,
  socketsPerAddress: 1_000,
  sockets: 10_000,
  socketHighWaterBytes: 64_000,
  socketHardCapBytes: 4_000_000,
  socketStallMs: 10_000,
  subscriberQueue: 1_024,
  accountUpdateIntervalMs: 100,
  headPollIntervalMs: 1_000,
  rightsFreshMs: 5_000,
};
