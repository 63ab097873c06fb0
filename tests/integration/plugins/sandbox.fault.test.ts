import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { EMPTY_PORTFOLIO } from '@omniquant/plugin-sdk/strategy-view';

import type { HostedStrategy } from '../../../core/ports/strategy-host.ts';
import { probeResult } from '../../../gateway/plugins/isolation/process-messages.ts';
import { readablePaths } from '../../../gateway/plugins/isolation/readable-paths.ts';
import { runSandboxJob } from '../../../gateway/plugins/isolation/run-sandbox-job.ts';
import { sandboxCommand, type SandboxLevel } from '../../../gateway/plugins/isolation/sandbox-command.ts';
import { measureSandbox } from '../../../gateway/plugins/isolation/sandbox-support.ts';
import { until } from '../../support/gateway/until.ts';
import { readable } from '../../support/plugins/readable-step.ts';
import {
  barInput,
  openStranger,
  SANDBOXED,
  sandboxed,
  silent,
  strangers,
  tellings,
} from '../../support/plugins/sandbox-world.ts';
import { processesBelow, stillRunning } from '../../support/processes.ts';

const support = await measureSandbox(silent);
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const BLOCKING = 'tests/support/plugins/blocking-gateway.ts';
const OPEN = { namespaces: 'preferred', measure: () => Promise.resolve(support) } as const;
/** The levels that this host has. */
const LEVELS = (['namespaces', 'limits', 'permissions'] as const).slice(
  ['namespaces', 'limits', 'permissions'].indexOf(support.level),
);
const at = (level: SandboxLevel) => ({
  namespaces: 'preferred' as const,
  measure: () => Promise.resolve({ ...support, level, reason: 'a test' }),
});

describe('a stranger in a sandbox', () => {
  const opened: HostedStrategy[] = [];
  const host = strangers(OPEN);
  /** For what has another limit than time: on a busy machine a deadline could come first. */
  const patient = strangers({ ...OPEN, requestTimeoutMs: 45_000 });
  let folder: string;
  let server: Server;
  let port: number;
  let socket: string;
  let connections = 0;

  const open = async (strategy: string, config = {}, on = host): Promise<HostedStrategy> => {
    const hosted = await openStranger(on, strategy, { config });
    opened.push(hosted);
    return hosted;
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sandbox-'));
    writeFileSync(join(folder, 'secret'), 'a secret of the gateway');
    socket = join(folder, '.s.PGSQL.5432');
    server = createServer((peer) => {
      connections += 1;
      peer.destroy();
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    port = (server.address() as { port: number }).port;
  });

  afterEach(async () => {
    for (const hosted of opened.splice(0)) await hosted.close();
  });

  afterAll(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  describe.each(LEVELS)('held by %s', (level) => {
    const here = strangers(at(level));

    it('reads its own package and nothing else', async () => {
      const hosted = await open('reads-files', { target: join(folder, 'secret') }, here);
      expect(await tellings(hosted)).toEqual([
        expect.stringMatching(/^passwd: (ERR_ACCESS_DENIED|ENOENT)$/),
        expect.stringMatching(/^target: (ERR_ACCESS_DENIED|ENOENT)$/),
        expect.stringMatching(/^above: (ERR_ACCESS_DENIED|ENOENT)$/),
        'own: got true',
      ]);
    });

    it('writes nothing', async () => {
      const hosted = await open('writes-files', { target: join(folder, 'secret') }, here);
      expect(await tellings(hosted)).toEqual(
        ['tmp', 'target', 'own'].map((what) => `${what}: ERR_ACCESS_DENIED`),
      );
    });

    it('sees no environment, of itself nor of the gateway', async () => {
      const hosted = await open('reads-environment', {}, here);
      expect(await tellings(hosted)).toEqual([
        'env: got []',
        'self: ERR_ACCESS_DENIED',
        'parent: ERR_ACCESS_DENIED',
      ]);
    });

    it('is told that there is no network, and starts nothing', async () => {
      const before = connections;
      const hosted = await open('connects', { target: String(port) }, here);
      expect(await tellings(hosted)).toEqual(
        ['fetch', 'net', 'dns', 'builtin', 'binding'].map((what) => `${what}: ERR_ACCESS_DENIED`),
      );
      expect(connections).toBe(before);
      const starter = await open('starts-things', {}, here);
      expect(await tellings(starter)).toEqual(
        ['child', 'worker', 'addon', 'inspector'].map((what) => `${what}: ERR_ACCESS_DENIED`),
      );
    });

    // The gateway's own code, before anything is taken away from it: what the host itself holds back.
    it('is held or not held by the host as the guide says', async () => {
      const listening = createServer((peer) => peer.destroy());
      await new Promise<void>((done) => listening.listen(socket, done));
      const before = connections;
      const value = await runSandboxJob({
        command: sandboxCommand({
          ...{ level, readable: readablePaths([]), heapMegabytes: 64, dataBytes: null },
        }),
        job: { kind: 'probe', port, socket },
        logger: silent,
        timeoutMs: 20_000,
      });
      await new Promise((done) => listening.close(done));
      const isOpen = level !== 'namespaces';
      expect(probeResult.parse(value)).toMatchObject({ tcp: isOpen, socket: isOpen, parent: isOpen });
      expect(connections - before).toBe(isOpen ? 1 : 0);
    });
  });

  it.each([
    ['blocks', 'STRATEGY_BLOCKED'],
    ['leaks-heap', 'STRATEGY_OUT_OF_MEMORY'],
    ['leaks-buffers', /STRATEGY_(OUT_OF_MEMORY|THREW|EXITED)/],
    ['exits', 'STRATEGY_EXITED'],
    ['dies', 'STRATEGY_EXITED'],
    ['floods', 'STRATEGY_FLOODED'],
    ['shouts', 'STRATEGY_FLOODED'],
    ['sends-a-giant', 'STRATEGY_MESSAGE_TOO_LARGE'],
    ['has-a-giant-snapshot', 'STRATEGY_MESSAGE_TOO_LARGE'],
    ['sends-nonsense', 'STRATEGY_BROKE_PROTOCOL'],
    ['sends-no-json', 'STRATEGY_BROKE_PROTOCOL'],
    ['nests-deeply', 'STRATEGY_BROKE_PROTOCOL'],
    ['invents-a-code', 'STRATEGY_THREW'],
    ['closes-its-channel', /STRATEGY_(EXITED|THREW|BROKE_PROTOCOL)/],
  ])(
    'that %s costs itself alone',
    async (strategy, code) => {
      const on = strategy === 'blocks' ? host : patient;
      const [hosted, other] = await Promise.all([open(strategy, {}, on), open('steady-one')]);
      const memory = process.memoryUsage().rss;
      const failed = hosted.run([barInput(1), barInput(2), barInput(3)], EMPTY_PORTFOLIO, false);
      await expect(failed).rejects.toMatchObject({
        code: typeof code === 'string' ? code : expect.stringMatching(code),
      });
      expect(process.memoryUsage().rss - memory).toBeLessThan(256 * 1_048_576);
      const step = await other.run([barInput(1)], EMPTY_PORTFOLIO, false);
      expect(readable(step)).toMatchObject({
        taken: 1,
        effects: [{ type: 'place', order: { side: 'BUY' } }],
        saved: { hooks: 1 },
      });
    },
    60_000,
  );

  // macOS has nothing that tells a process that loops of its parent's death.
  (support.level === 'permissions' ? it.skip : it)(
    'does not outlive a gateway that is killed, in the middle of a loop',
    async () => {
      const flags = ['--conditions=omniquant:source', '--import', './hooks.mjs'];
      const gateway = spawn(process.execPath, [...flags, BLOCKING], {
        cwd: ROOT,
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      const { promise: dead, resolve } = Promise.withResolvers<unknown>();
      gateway.once('exit', resolve);
      await once(gateway.stdout, 'data');
      const running = processesBelow(gateway.pid ?? 0);
      expect(running.length).toBeGreaterThan(0);
      gateway.kill('SIGKILL');
      await dead;
      await until('the end of what it ran', () => stillRunning(running).length === 0);
    },
    60_000,
  );

  it('is not run where there are no namespaces and the settings require them', async () => {
    const none = strangers({ ...at('limits'), namespaces: 'required' });
    await expect(open('steady-one', {}, none)).rejects.toMatchObject({
      code: 'STRATEGY_SANDBOX_UNAVAILABLE',
      isHopeless: true,
      message: expect.stringMatching(/STRATEGY_NAMESPACES=preferred/),
    });
  });

  it('is described and has its parameters checked without its code in the gateway', async () => {
    const sandbox = sandboxed(OPEN);
    const { extensions, name } = await sandbox.describe(SANDBOXED);
    expect(name).toBe('sandboxed-strategies');
    expect(extensions).toContainEqual(expect.objectContaining({ kind: 'strategy', id: 'steady-one' }));
    const run = { symbols: ['AAPL'], interval: 'MINUTE_1' } as const;
    const check = (config: object) =>
      sandbox.checkStrategy({ specifier: SANDBOXED, strategy: 'steady-one', config, run });
    expect(await check({})).toEqual({ config: { quantity: '1' }, uses: {} });
    expect(await check({ quantity: '0' })).toEqual({
      problems: [{ field: 'quantity', message: 'has to be more than nothing' }],
    });
    expect(await check({ much: true })).toMatchObject({
      problems: [{ field: 'much' }],
    });
  });

  it('that crashed three times is started by nothing but a person, in its workspace alone', async () => {
    const strict = strangers({ ...OPEN, crashes: 3 });
    const attempt = async (strategyId: string): Promise<void> => {
      const hosted = await openStranger(strict, 'exits', { strategyId });
      opened.push(hosted);
      await hosted.run([barInput(1), barInput(2), barInput(3)], EMPTY_PORTFOLIO, false);
    };
    for (let crash = 1; crash <= 3; crash += 1) {
      await expect(attempt('s1')).rejects.toMatchObject({ code: 'STRATEGY_EXITED', isHopeless: false });
    }
    await expect(attempt('s1')).rejects.toMatchObject({ code: 'STRATEGY_QUARANTINED', isHopeless: true });
    opened.push(await openStranger(strict, 'exits', { workspaceId: 'w2' }));
    opened.push(await openStranger(strict, 'steady-one'));
    await expect(attempt('s2')).rejects.toMatchObject({ code: 'STRATEGY_EXITED' });
  });
});
