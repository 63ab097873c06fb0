/**
 * The gateway as a process: signals, settings, start, banner. A wrong setting or a start that fails
 * ends it with one line. The first SIGINT or SIGTERM drains and stops it, a later one stops it at once.
 * Signals are listened to before anything else is loaded, which takes a moment: hence the `import()`s.
 */
import type { Gateway } from './build-gateway.ts';

const started = performance.now() - process.uptime() * 1_000;
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

function fail(error: unknown): never {
  const message = error instanceof Error ? error.message : String(error);
  const isWrongSetting = error instanceof Error && 'code' in error && error.code === 'CONFIG_INVALID';
  process.stderr.write(`omniquant: ${message.split('\n', 1)[0] ?? 'failed'}\n`);
  process.exit(isWrongSetting ? 2 : 1);
}

async function start(signal: AbortSignal): Promise<Gateway> {
  try {
    const { readConfig } = await import('./config.ts');
    const config = readConfig();
    const { buildGateway } = await import('./build-gateway.ts');
    signal.throwIfAborted();
    return await buildGateway(config, signal);
  } catch (error) {
    return fail(signal.aborted ? signal.reason : error);
  }
}

gateway = await start(starting.signal);
const { banner } = await import('./demo/banner.ts');
process.stdout.write(
  banner({
    address: gateway.address,
    hasGraphiql: gateway.config.GRAPHIQL,
    readyAfterSeconds: (performance.now() - started) / 1_000,
    demo: gateway.demo,
  }),
);
