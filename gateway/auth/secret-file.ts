import { randomBytes } from 'node:crypto';
import { chmod, link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

import { Secret } from './secret.ts';

/**
 * The secret kept in a file that only its owner reads, made at the first start. Two processes that start
 * at once agree: the file appears whole or not at all, and the second keeps what the first has made.
 * @throws the file system's error, with the path in its message.
 */
export async function loadOrMakeSecret(path: string, make: () => Promise<string>): Promise<Secret> {
  const known = await readIfThere(path);
  if (known !== null) return known;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    await writeFile(draft, await make(), { mode: 0o600, flag: 'wx', flush: true });
    await chmod(draft, 0o600);
    await link(draft, path).catch(ignoreExisting);
  } finally {
    await rm(draft, { force: true });
  }
  return new Secret(await readFile(path, 'utf8'));
}

async function readIfThere(path: string): Promise<Secret | null> {
  try {
    return new Secret(await readFile(path, 'utf8'));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

function ignoreExisting(error: unknown): void {
  if (codeOf(error) !== 'EEXIST') throw error;
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
}
