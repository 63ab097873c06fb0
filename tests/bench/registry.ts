import type { Bench } from './bench.ts';

/** All benches in the order in which they run. Each is loaded when its turn comes. */
export const BENCHES: Readonly<Record<string, () => Promise<Bench>>> = {
  'order-path': async () => (await import('./order-path.ts')).orderPath,
  'order-path-engine': async () => (await import('./order-path-engine.ts')).orderPathEngine,
  query: async () => (await import('./query.ts')).query,
  'event-bus': async () => (await import('./event-bus.ts')).eventBus,
  'fan-out': async () => (await import('./fan-out.ts')).fanOut,
  restart: async () => (await import('./restart.ts')).restart,
  memory: async () => (await import('./memory.ts')).memory,
  failover: async () => (await import('./failover.ts')).failover,
  replicas: async () => (await import('./replicas.ts')).replicas,
  start: async () => (await import('./start.ts')).start,
  'strategy-host': async () => (await import('./strategy-host.ts')).strategyHost,
  simulation: async () => (await import('./simulation.ts')).simulation,
};
