import { randomUUID } from 'node:crypto';

import type { createClient } from 'redis';
import { z } from 'zod';

import type { Bus } from '../../core/ports/bus.ts';
import { createLocalBus, type LocalBus } from './local-bus.ts';

/** Most messages that one Redis publication carries. */
const BATCH_LIMIT = 500;
/** Held back while Redis is slow or away; older ones are dropped, for whoever listens also polls. */
const WAITING_LIMIT = 10_000;

const envelope = z.object({
  origin: z.string(),
  messages: z.array(
    z.discriminatedUnion('topic', [
      z.object({
        topic: z.literal('commit'),
        message: z.object({
          accountId: z.string(),
          workspaceId: z.string(),
          from: z.number(),
          to: z.number(),
        }),
      }),
      z.object({
        topic: z.literal('strategyEvent'),
        message: z.object({
          accountId: z.string(),
          workspaceId: z.string(),
          strategyId: z.string(),
          at: z.number(),
          level: z.enum(['DEBUG', 'INFO', 'WARN', 'ERROR']),
          message: z.string(),
          data: z.json(),
        }),
      }),
      z.object({
        topic: z.literal('backtest'),
        message: z.object({
          backtestId: z.string(),
          workspaceId: z.string(),
          change: z.enum(['QUEUED', 'CHANGED', 'CANCELED']),
        }),
      }),
      z.object({
        topic: z.literal('sweep'),
        message: z.object({
          sweepId: z.string(),
          workspaceId: z.string(),
          change: z.enum(['QUEUED', 'CHANGED', 'CANCELED']),
        }),
      }),
      z.object({ topic: z.literal('revocation'), message: z.object({ subject: z.string() }) }),
      z.object({ topic: z.literal('gatewayState'), message: z.object({ version: z.number() }) }),
      z.object({ topic: z.literal('brokerSettings'), message: z.object({ connection: z.string() }) }),
      z.object({ topic: z.literal('plugins'), message: z.object({}) }),
    ]),
  ),
});

type Message = z.infer<typeof envelope>['messages'][number];

export interface RedisBusOptions {
  readonly url: string;
  /** Separates installations that share a Redis. */
  readonly channel: string;
  readonly log: (level: 'info' | 'warn', message: string, error?: unknown) => void;
}

/**
 * Fan-out between processes over Redis publish/subscribe. Listeners of this process hear at once and
 * without Redis; those of others hear when Redis carries it. What is published within one turn of
 * the event loop goes in one message. Redis may vanish and come back: the client reconnects for ever.
 */
export async function createRedisBus(options: RedisBusOptions): Promise<Bus> {
  const origin = randomUUID();
  const local = createLocalBus((error) => {
    options.log('warn', 'a bus listener failed', error);
  });
  const publisher = await connect(options);
  const subscriber = await connect(options);
  await subscriber.subscribe(options.channel, (text) => {
    receive(text, origin, local, options);
  });
  const outbox = createOutbox(async (messages) => {
    await publisher.publish(options.channel, JSON.stringify({ origin, messages }));
  });

  return {
    publish(topic, message) {
      local.deliver(topic, message);
      outbox.add({ topic, message } as Message);
    },
    subscribe: (topic, listener) => local.subscribe(topic, listener),
    async close() {
      await outbox.close();
      await local.close();
      subscriber.destroy();
      publisher.destroy();
    },
  };
}

type Client = ReturnType<typeof createClient>;

/** Fails when Redis cannot be reached at the start: a wrong address should not pass for an outage. */
async function connect(options: RedisBusOptions): Promise<Client> {
  // The library is 700 modules: not for a gateway without Redis.
  const redis = await import('redis');
  let connected = false;
  const client: Client = redis.createClient({
    url: options.url,
    disableOfflineQueue: true,
    socket: {
      connectTimeout: 3_000,
      reconnectStrategy: (retries) => (connected ? Math.min(100 * 2 ** retries, 3_000) : false),
    },
  });
  client.on('error', (error: unknown) => {
    options.log('warn', 'redis is not reachable', error);
  });
  await client.connect();
  connected = true;
  return client;
}

function receive(text: string, origin: string, local: LocalBus, options: RedisBusOptions): void {
  let parsed: z.infer<typeof envelope>;
  try {
    parsed = envelope.parse(JSON.parse(text));
  } catch (error) {
    options.log('warn', 'a message on the bus was not understood', error);
    return;
  }
  if (parsed.origin === origin) return;
  for (const { topic, message } of parsed.messages) {
    local.deliver(topic, message);
  }
}

interface Outbox {
  add(message: Message): void;
  close(): Promise<void>;
}

/** One publication under way at a time; what comes meanwhile goes with the next. A failed one is dropped. */
function createOutbox(send: (messages: readonly Message[]) => Promise<void>): Outbox {
  let waiting: Message[] = [];
  let sending: Promise<void> | null = null;

  const drain = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting.splice(0, BATCH_LIMIT);
      await send(batch).catch(() => undefined);
    }
    sending = null;
  };
  const schedule = (): void => {
    sending ??= new Promise<void>((resolve) => setImmediate(resolve)).then(drain);
  };

  return {
    add(message) {
      if (waiting.length >= WAITING_LIMIT) {
        waiting = waiting.slice(WAITING_LIMIT / 2);
      }
      waiting.push(message);
      schedule();
    },
    async close() {
      await sending;
    },
  };
}
