/**
 * The simulated venue as a process of its own. Settings come as arguments (--port 0) or, where an
 * argument is missing, from the environment (VENUE_PORT). It prints one line of JSON when it listens.
 */
import { parseArgs } from 'node:util';

import { startVenue, type VenueOptions } from './start-venue.ts';

const USAGE =
  'usage: --data-dir <folder> [--port 0] [--host 127.0.0.1] [--seed omniquant] [--speed 60] ' +
  '[--start-day 2016-01-04] [--token <text>]; or VENUE_DATA_DIR, VENUE_PORT, ...';

const NAMES = ['data-dir', 'port', 'host', 'seed', 'speed', 'start-day', 'token'] as const;
type Name = (typeof NAMES)[number];

const readSettings = (): Partial<Record<Name, string>> => {
  const { values } = parseArgs({
    options: Object.fromEntries(NAMES.map((name) => [name, { type: 'string' as const }])),
  });
  const settings: Partial<Record<Name, string>> = {};
  for (const name of NAMES) {
    // eslint-disable-next-line no-restricted-properties -- a process of its own, with settings of its own
    const fromEnvironment = process.env[`VENUE_${name.toUpperCase().replaceAll('-', '_')}`];
    const value = values[name] ?? (fromEnvironment === '' ? undefined : fromEnvironment);
    if (value !== undefined) settings[name] = value;
  }
  return settings;
};

const numberOf = (
  settings: Partial<Record<Name, string>>,
  name: Name,
  low: number,
  high: number,
): number | undefined => {
  const text = settings[name];
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() !== '' && value >= low && value <= high) return value;
  throw new Error(`--${name} ${text} is not a number from ${low} to ${high}`);
};

const optionsOf = (settings: Partial<Record<Name, string>>): VenueOptions => {
  const dataDir = settings['data-dir'];
  if (dataDir === undefined || dataDir === '') throw new Error(USAGE);
  const port = numberOf(settings, 'port', 0, 65_535);
  const speed = numberOf(settings, 'speed', 0.01, 1_000_000);
  return {
    dataDir,
    ...(settings.host === undefined ? {} : { host: settings.host }),
    ...(port === undefined ? {} : { port }),
    ...(settings.seed === undefined ? {} : { seed: settings.seed }),
    ...(speed === undefined ? {} : { speed }),
    ...(settings['start-day'] === undefined ? {} : { startDay: settings['start-day'] }),
    ...(settings.token === undefined ? {} : { token: settings.token }),
    onFailure: fail,
  };
};

function fail(error: unknown): never {
  process.stderr.write(`venue: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

try {
  const venue = await startVenue(optionsOf(readSettings()));
  const stop = (): void => {
    venue.close().then(() => process.exit(0), fail);
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  process.stdout.write(`${JSON.stringify({ ready: true, port: venue.port, url: venue.url })}\n`);
} catch (error) {
  fail(error);
}
