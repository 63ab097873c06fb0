import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { format, inspect } from 'node:util';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { loadInstallationSecrets } from '../../../../gateway/auth/installation-secrets.ts';
import { Secret } from '../../../../gateway/auth/secret.ts';
import { createSecretDigests } from '../../../../gateway/auth/secret-digests.ts';
import { loadOrMakeSecret } from '../../../../gateway/auth/secret-file.ts';
import { createSecretSource } from '../../../../gateway/auth/secret-source.ts';
import { createLogger } from '../../../../gateway/telemetry/logger.ts';

describe('a secret', () => {
  it('shows itself to no log, error or JSON', () => {
    const secret = new Secret('hunter2-hunter2');
    const lines: string[] = [];
    const logger = createLogger({
      level: 'info',
      instanceId: 'test',
      destination: { write: (line) => void lines.push(line) },
    });
    logger.info({ a: { b: { c: secret } }, list: [secret] }, `it is ${String(secret)}`);
    const shown = [
      ...lines,
      String(secret),
      secret.toString(),
      JSON.stringify({ secret, nested: [{ secret }] }),
      inspect(secret, { showHidden: true, depth: 9 }),
      inspect({ nested: { secret } }, { depth: 9, getters: true }),
      format('%s %o %j', secret, secret, secret),
      new Error('boot failed', { cause: secret }).stack ?? '',
      JSON.stringify(Object.assign({}, secret)),
    ];
    for (const text of shown) expect(text).not.toContain('hunter2');
    expect(JSON.stringify(secret)).toBe('"[secret]"');
    expect(secret.reveal()).toBe('hunter2-hunter2');
  });
});

describe('secrets kept in DATA_DIR', () => {
  let dataDir: string;
  beforeEach(async () => void (dataDir = await mkdtemp(join(tmpdir(), 'secrets '))));
  afterEach(() => rm(dataDir, { recursive: true, force: true }));

  it('are the same after a restart, and only their owner may read them', async () => {
    const [first, second] = [
      await loadInstallationSecrets({ dataDir }),
      await loadInstallationSecrets({ dataDir }),
    ];
    expect(second.encryptionKey.reveal()).toBe(first.encryptionKey.reveal());
    expect(second.tokenSigningKey.reveal()).toBe(first.tokenSigningKey.reveal());
    expect(second.internalSecret.reveal()).toBe(first.internalSecret.reveal());
    expect(first.encryptionKey.reveal()).toMatch(/^[0-9a-f]{64}$/);
    expect(first.tokenSigningKey.reveal()).toContain('BEGIN PRIVATE KEY');
    for (const name of await readdir(join(dataDir, 'keys'))) {
      expect((await stat(join(dataDir, 'keys', name))).mode & 0o777).toBe(0o600);
    }
    expect((await stat(join(dataDir, 'keys'))).mode & 0o777).toBe(0o700);
  });

  it('are the same for starts at the same time, and no draft stays behind', async () => {
    const path = join(dataDir, 'keys', 'one');
    let made = 0;
    const loaded = await Promise.all(
      Array.from({ length: 20 }, () => loadOrMakeSecret(path, async () => `secret ${(made += 1)}`)),
    );
    expect(new Set(loaded.map((secret) => secret.reveal())).size).toBe(1);
    expect(await readFile(path, 'utf8')).toBe(loaded[0]!.reveal());
    expect(await readdir(join(dataDir, 'keys'))).toEqual(['one']);
  });

  it('are not made where the settings have them', async () => {
    const given = { encryptionKey: 'ab'.repeat(32), tokenSigningKey: 'pem', internalSecret: 'x'.repeat(32) };
    const secrets = await loadInstallationSecrets({ dataDir, ...given });
    expect(secrets.internalSecret.reveal()).toBe(given.internalSecret);
    expect(await readdir(dataDir)).toEqual([]);
  });
});

describe('random secrets', () => {
  it('have one length, and every digit in every place', () => {
    const { base62 } = createSecretSource();
    const drawn = Array.from({ length: 5_000 }, () => base62(32));
    expect(new Set(drawn).size).toBe(5_000);
    expect(drawn.every((text) => /^[0-9A-Za-z]{43}$/.test(text))).toBe(true);
    for (const place of [1, 20, 42]) expect(new Set(drawn.map((text) => text[place])).size).toBe(62);
    expect(base62(16)).toHaveLength(22);
  });
});

describe('digests of secrets', () => {
  it('of keys depend on the installation, those of tokens do not', () => {
    const [one, two] = ['a'.repeat(64), 'b'.repeat(64)].map((key) => createSecretDigests(new Secret(key)));
    expect(one!.mac('key')).toMatch(/^[0-9a-f]{64}$/);
    expect(one!.mac('key')).not.toBe(two!.mac('key'));
    expect(one!.sha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(two!.sha256('abc')).toBe(one!.sha256('abc'));
    expect(one!.crc32('123456789')).toBe(0xcbf43926);
  });

  it('compare without failing on different lengths', () => {
    const { equal } = createSecretDigests(new Secret('a'.repeat(64)));
    expect([equal('abc', 'abc'), equal('abc', 'abd'), equal('abc', 'ab'), equal('', '')]).toEqual([
      true,
      false,
      false,
      true,
    ]);
  });
});
