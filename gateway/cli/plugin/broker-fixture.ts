import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import type { BrokerFixture } from '@omniquant/plugin-sdk/testing';

import { UsageError } from '../usage-error.ts';
import { manifestOf } from './plugin-manifest.ts';

const isFixture = (value: unknown): value is BrokerFixture =>
  typeof value === 'object' && value !== null && 'openVenue' in value;

/**
 * What the cases of a package's brokers run with: the default export of the module that its package.json names as
 * `"omniquant": { "brokerFixture": "./dist/fixture.js" }`. Throws UsageError where there is none.
 * @param specifier Of the plugin's module: a package name, or a file URL.
 */
export async function brokerFixtureOf(specifier: string): Promise<BrokerFixture> {
  const found = manifestOf(specifier);
  const named = found?.manifest.omniquant?.brokerFixture;
  if (found === null || typeof named !== 'string') {
    throw new UsageError(
      `${specifier} has a broker, and its package.json names no fixture: "omniquant": { "brokerFixture": "./dist/fixture.js" }`,
    );
  }
  const module = (await import(pathToFileURL(join(found.folder, named)).href)) as { default?: unknown };
  // A CommonJS module's own default export sits one level deeper.
  const nested = (module.default as { default?: unknown } | undefined)?.default;
  const fixture = [module.default, nested].find(isFixture);
  if (fixture === undefined) throw new UsageError(`the default export of ${named} is no BrokerFixture`);
  return fixture;
}
