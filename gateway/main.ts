/**
 * The gateway as a process: settings, start, banner, signals. A wrong setting or a start that fails
 * ends it with one line. The first SIGINT or SIGTERM drains and stops it, a later one stops it at once.
 */
import { buildGateway, type Gateway } from './build-gateway.ts';
import { ConfigError, readConfig } from './config.ts';
import { banner } from './demo/banner.ts';

const started = performance.now() - process.uptime() * 1_000;

function fail(error: unknown): never {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`omniquant: ${message.split('\n', 1)[0] ?? 'failed'}\n`);
  process.exit(error instanceof ConfigError ? 2 : 1);
}

async function start(signal: AbortSignal): Promise<Gateway> {
  try {
    return await buildGateway(readConfig(), signal);
  } catch (error) {
    return fail(error);
  }
}

const starting = new AbortController();
let gateway: Gateway | null = null;

/** Under npm a Ctrl-C arrives twice, from the terminal and from npm: so close together it is one. */
const SAME_SIGNAL_MS = 500;
let stoppingSince: number | null = null;

function stop(signal: NodeJS.Signals): void {
  if (stoppingSince !== null) {
    if (performance.now() - stoppingSince > SAME_SIGNAL_MS) process.exit(1);
    return;
  }
  stoppingSince = performance.now();
  if (gateway === null) {
    starting.abort(new Error(`stopped by ${signal} during the start`));
    return;
  }
  gateway.close().then(() => process.exit(0), fail);
}
process.on('SIGINT', stop);
process.on('SIGTERM', stop);

// What nobody expected leaves the state unknown: end, and let the next start recover from the journal.
process.on('uncaughtException', (error) => {
  gateway?.logger.fatal({ error }, 'an error that nobody handled');
  process.stderr.write(`omniquant: ${error.stack ?? error.message}\n`);
  process.exit(1);
});

gateway = await start(starting.signal);
process.stdout.write(
  banner({
    address: gateway.address,
    hasGraphiql: gateway.config.GRAPHIQL,
    readyAfterSeconds: (performance.now() - started) / 1_000,
    demo: gateway.demo,
  }),
);
