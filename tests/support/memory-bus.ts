import type { Bus, BusTopics } from '../../core/ports/bus.ts';

/** A line between processes of one test: every connected bus hears what any of them publishes. */
export interface MemoryBusLine {
  connect(): Bus;
  /** Messages vanish while it is set. */
  setSilent(silent: boolean): void;
}

type Listener = (topic: keyof BusTopics, message: unknown) => void;

export function createMemoryBusLine(): MemoryBusLine {
  const connected = new Set<Listener>();
  let silent = false;
  return {
    setSilent: (value) => void (silent = value),
    connect() {
      const listeners = new Map<keyof BusTopics, Set<(message: never) => void>>();
      const deliver: Listener = (topic, message) => {
        for (const listener of listeners.get(topic) ?? []) {
          try {
            listener(message as never);
          } catch {
            // A listener's fault is its own: the others still hear.
          }
        }
      };
      connected.add(deliver);
      return {
        publish(topic, message) {
          if (silent || !connected.has(deliver)) {
            return;
          }
          void Promise.resolve().then(() => {
            for (const each of connected) {
              each(topic, message);
            }
          });
        },
        subscribe(topic, listener) {
          const set = listeners.get(topic) ?? new Set();
          listeners.set(topic, set);
          set.add(listener);
          return () => void set.delete(listener);
        },
        async close() {
          await Promise.resolve();
          connected.delete(deliver);
        },
      };
    },
  };
}
