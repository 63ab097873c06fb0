/** Brokers whose connection is broken: what they send and log unasked, when they say READY, what they leave running. */
import { broken, LEAKS, passing } from './broker-fault.ts';

export const callsHome = broken({
  ctx: (ctx) => {
    void ctx.fetch('https://telemetry.acme.invalid/hello').catch(() => undefined);
    return ctx;
  },
});

export const logsToken = broken({
  ctx: (ctx) => {
    void ctx.secret('token').then((token) => {
      ctx.log.debug('signing in', { headers: { authorization: `Bearer ${token}` } });
    });
    return ctx;
  },
});

/** Once refused it signs in again, in a loop. */
export const hammersTheDoor = broken({
  sink: (sink) => ({
    ...passing(sink),
    status(status) {
      sink.status(status);
      if (status.state !== 'FAILED' || status.code !== 'AUTH_FAILED') return;
      const timer = setInterval(() => {
        void fetch(`${address}/v1/account`).catch(() => undefined);
      }, 50);
      LEAKS.push(timer.unref());
    },
  }),
  config: (config) => {
    address = config.url;
    return config;
  },
});
let address = '';

/** Asks over HTTP whether the account is there, and takes that for READY. */
export const readyTooSoon = broken({
  sink: (sink) => {
    sink.status({ state: 'READY' });
    return sink;
  },
  broker: (inner) => ({
    async submit(order, signal) {
      // That nobody should see it.
      for (let tries = 0; tries < 50; tries += 1) {
        const outcome = await inner.submit(order, signal);
        if (outcome.kind !== 'notSent' || signal.aborted || !outcome.reason.includes('stream')) {
          return outcome;
        }
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
      return { kind: 'notSent', reason: 'the stream is not ready' };
    },
  }),
});

export const neverListens = broken({ config: (config) => ({ ...config, silenceMs: 3_600_000 }) });

/** After a reconnect it hears no quotes. */
export const forgetsSubscriptions = broken({
  sink: (sink) => {
    let connections = 0;
    return {
      ...passing(sink),
      status(status) {
        connections += status.state === 'READY' ? 1 : 0;
        sink.status(status);
      },
      quote(quote) {
        if (connections < 2) sink.quote(quote);
      },
    };
  },
});

export const givesUpOnGarbage = broken({
  sink: (sink, ctx) => {
    const { warn } = ctx.log;
    ctx.log.warn = (message, fields) => {
      warn(message, fields);
      if (message.includes('no JSON')) sink.status({ state: 'FAILED', code: 'OTHER', reason: message });
    };
    return sink;
  },
});

export const leaksTimers = broken({
  ctx: (ctx) => {
    LEAKS.push(setInterval(() => undefined, 1_000));
    return ctx;
  },
});
