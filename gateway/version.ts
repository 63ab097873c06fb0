import { createRequire } from 'node:module';

/** The gateway's own version. From sources package.json is one folder up, from dist two. */
export const VERSION: string = readVersion();

function readVersion(): string {
  const require = createRequire(import.meta.url);
  const manifest = (
    import.meta.url.includes('/dist/') ? require('../../package.json') : require('../package.json')
  ) as {
    version: string;
  };
  return manifest.version;
}
