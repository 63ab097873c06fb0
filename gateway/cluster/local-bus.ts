import type { Bus, BusTopics } from '../../core/ports/bus.ts';

type Listener = (message: never) => void;

export interface LocalBus extends Bus {
  /** Hands a message that came from elsewhere to the listeners here. */
  deliver<T extends keyof BusTopics>(topic: T, message: BusTopics[T]): void;
}

/**
 * Fan-out within one process. Listeners run in the publisher's turn and must not block; one that
 * throws is reported and does not keep the others from hearing.
 */
export function createLocalBus(onListenerError: (error: unknown) => void): LocalBus {
  const listeners = new Map<keyof BusTopics, Set<Listener>>();

  const deliver = <T extends keyof BusTopics>(topic: T, message: BusTopics[T]): void => {
    for (const listener of listeners.get(topic) ?? []) {
      try {
        listener(message as never);
      } catch (error) {
        onListenerError(error);
      }
    }
  };

  return {
    deliver,
    publish: deliver,
    subscribe(topic, listener) {
      const set = listeners.get(topic) ?? new Set();
      listeners.set(topic, set);
      const own: Listener = (message) => {
        listener(message);
      };
      set.add(own);
      return () => {
        set.delete(own);
      };
    },
    close() {
      listeners.clear();
      return Promise.resolve();
    },
  };
}
