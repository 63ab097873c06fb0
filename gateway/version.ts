import { existsSync, readFileSync } from 'node:fs';

/** The gateway's own version. From sources package.json is one folder up, from dist two. */
export const VERSION: string = readVersion();

function readVersion(): string {
  const manifest = ['../package.json', '../../package.json']
    .map((path) => new URL(path, import.meta.url))
    .find((url) => existsSync(url));
  if (manifest === undefined) throw new Error('the package.json of the gateway is missing');
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
}
