import type { Bench } from './bench.ts';

export type Benches = Readonly<Record<string, () => Promise<Bench>>>;

/** Those that share a gateway, in the order in which they run. Each is loaded when its turn comes. */
export const ON_A_GATEWAY: Benches = {
  'order-path': async () => (await import('./order-path.ts')).orderPath,
  query: async () => (await import('./query.ts')).query,
  'fan-out': async () => (await import('./fan-out.ts')).fanOut,
  'strategy-isolation': async () => (await import('./strategy-isolation.ts')).strategyIsolation,
};

/** Those that share a cluster. */
export const ON_A_CLUSTER: Benches = {
  replicas: async () => (await import('./replicas.ts')).replicas,
  failover: async () => (await import('./failover.ts')).failover,
};

/** Those that run after both have been closed, so that they take nothing from them. */
export const BY_THEMSELVES: Benches = {
  'order-path-engine': async () => (await import('./order-path-engine.ts')).orderPathEngine,
  'event-bus': async () => (await import('./event-bus.ts')).eventBus,
  restart: async () => (await import('./restart.ts')).restart,
  memory: async () => (await import('./memory.ts')).memory,
  start: async () => (await import('./start.ts')).start,
  'strategy-host': async () => (await import('./strategy-host.ts')).strategyHost,
  'order-book': async () => (await import('./order-book.ts')).orderBook,
  backtest: async () => (await import('./backtest.ts')).backtest,
  sweep: async () => (await import('./sweep.ts')).sweep,
  report: async () => (await import('./report.ts')).report,
  simulation: async () => (await import('./simulation.ts')).simulation,
};
