import { fileURLToPath } from 'node:url';

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { EMPTY_PORTFOLIO } from '@omniquant/plugin-sdk/strategy-view';

import type { HostedStrategy } from '../../../core/ports/strategy-host.ts';
import { readConfig } from '../../../gateway/config.ts';
import { createPluginCatalog } from '../../../gateway/plugins/catalog.ts';
import { followPlugins } from '../../../gateway/plugins/following-strategies.ts';
import type { SandboxLevel } from '../../../gateway/plugins/isolation/sandbox-command.ts';
import { inItsIsolation } from '../../../gateway/plugins/isolation/sandbox-entries.ts';
import { measureSandbox } from '../../../gateway/plugins/isolation/sandbox-support.ts';
import type { Isolation, PluginEntry } from '../../../gateway/plugins/load-plugin.ts';
import { openJobPool } from '../../../gateway/plugins/open-job-pool.ts';
import type { PluginHost } from '../../../gateway/plugins/plugin-host.ts';
import { createStrategyPlaces } from '../../../gateway/plugins/strategy-host.ts';
import { startHost } from '../../support/plugins/plugin-modules.ts';
import { barInput, sandboxed, silent, tellings } from '../../support/plugins/sandbox-world.ts';

const STRANGER = new URL('../../support/plugins/sandboxed-optimizers.mjs', import.meta.url).href;
const CONFIG = readConfig({ STRATEGY_NAMESPACES: 'preferred', STRATEGY_HEAP_MB: '64' });
const RUN = { symbols: ['A', 'B'], interval: 'MINUTE_1' } as const;
const LEVELS = ['namespaces', 'limits', 'permissions'] as const;
const NOTHING = { count: () => undefined, gauge: () => undefined };

const support = await measureSandbox(silent);
const fileOf = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const trusted = (name: string, isolation: Isolation): PluginEntry => ({
  ...{ specifier: `@omniquant/${name}`, grants: [], required: true, isolation },
});

/** A gateway's plugins with strategies at a level, ours in threads or in processes, and the stranger's. */
async function openPlugins(level: SandboxLevel = support.level, ours: Isolation = 'worker') {
  const measure = () => Promise.resolve({ ...support, level });
  const sandbox = sandboxed({ namespaces: 'preferred', measure });
  const stranger = { specifier: STRANGER, grants: [], required: true };
  const host = await startHost([
    inItsIsolation(stranger, 'process', sandbox),
    trusted('strategy-rebalance', ours),
    trusted('optimizer-minimum-variance', 'worker'),
  ]);
  return { host, strategies: followPlugins(host, createStrategyPlaces(CONFIG, sandbox, silent)) };
}

type World = Awaited<ReturnType<typeof openPlugins>>;

describe('optimizers and sandboxed strategies', () => {
  const hosts: PluginHost[] = [];
  const opened: HostedStrategy[] = [];
  let world: World;

  const make = async (level?: SandboxLevel, ours?: Isolation): Promise<World> => {
    const made = await openPlugins(level, ours);
    hosts.push(made.host);
    return made;
  };
  const open = async (strategy: string, config: object, on = world): Promise<HostedStrategy> => {
    const terms = {
      ...RUN,
      strategyId: 's1',
      strategy,
      seed: 's1',
      config: config as Record<string, string>,
    };
    const owner = { workspaceId: 'w1', accountId: 'a1' };
    const opening = { owner, terms, instruments: [], saved: null };
    const hosted = await on.strategies.open(opening, AbortSignal.timeout(60_000));
    opened.push(hosted);
    return hosted;
  };
  const check = async (strategy: string, config: object) =>
    createPluginCatalog(world.host, { problemOf: () => null }).checkStrategy(
      strategy,
      config as Record<string, string>,
      RUN,
    );

  beforeAll(async () => {
    world = await make();
  });
  afterEach(async () => {
    for (const hosted of opened.splice(0)) await hosted.close();
    // Whatever was asked of the stranger, its code ran elsewhere.
    expect(globalThis).not.toHaveProperty('importedStranger');
  });
  afterAll(async () => {
    for (const host of hosts) await host.close();
  });

  it.each(LEVELS.slice(LEVELS.indexOf(support.level)))(
    'held by %s a strategy reads the packages of what it uses and no others',
    async (level) => {
      const files = [
        ...['plugins/optimizer-minimum-variance/package.json', 'node_modules/quadprog/package.json'],
        ...['plugins/optimizer-equal-weight/package.json', 'plugins/strategy-rebalance/package.json'],
        'package-lock.json',
      ].map(fileOf);
      const parameters = { period: 3, shrinkage: 0 };
      const here = await make(level);
      const hosted = await open('weighs', { optimizer: 'minimum-variance', parameters, files }, here);
      expect(hosted.inputs.warmup).toBe(4);
      const [weights, ...read] = await tellings(hosted);
      const { A: calm, B: wild } = JSON.parse(weights ?? '') as { A: number; B: number };
      expect(calm + wild).toBeCloseTo(1, 9);
      expect(calm).toBeGreaterThan(wild);
      const denied = expect.stringMatching(/^(ERR_ACCESS_DENIED|ENOENT)$/);
      expect(read).toEqual(['got true', 'got true', denied, denied, denied]);
      // Nor is there anything of an optimizer that another strategy uses.
      const other = await open('weighs', { optimizer: 'tilted', parameters: {}, files }, here);
      expect((await tellings(other)).slice(1)).toEqual(files.map(() => denied));
    },
  );

  it('are checked before the start: ours in the gateway, a stranger’s elsewhere', async () => {
    const weighs = (optimizer: string, parameters: object = {}) => check('weighs', { optimizer, parameters });
    expect(await weighs('minimum-variance', { period: 9 })).toMatchObject({
      config: { optimizer: 'minimum-variance', parameters: { period: 9 }, files: [] },
    });
    const problems: readonly (readonly [string, object, string, string])[] = [
      ['minimum-variance', { period: 1 }, 'parameters.period', 'must be >= 2'],
      ['tilted', { tilt: 2 }, 'parameters.tilt', 'must be <= 1'],
      ['tilted', { tilt: 1 }, 'parameters.tilt', 'leaves nothing for the others'],
      ['tillted', {}, 'optimizer', 'the nearest is tilted'],
      ['never-checked', {}, 'parameters', 'cannot be checked: no answer within'],
    ];
    for (const [optimizer, parameters, field, message] of problems) {
      expect(await weighs(optimizer, parameters)).toMatchObject({
        problems: [{ field, message: expect.stringContaining(message) }],
      });
    }
    expect(await check('uses-many', {})).toMatchObject({
      problems: [{ message: expect.stringContaining('uses.optimizers are 16 at most') }],
    });
  });

  it('of a stranger run in the process of the strategy that names them', async () => {
    const hosted = await open('weighs', { optimizer: 'tilted', parameters: { tilt: 0.75 }, files: [] });
    expect(await tellings(hosted)).toEqual(['{"A":0.75,"B":0.25}']);
    await expect(
      open('weighs', { optimizer: 'never-made', parameters: {}, files: [] }),
    ).rejects.toMatchObject({
      ...{ code: 'STRATEGY_OPTIMIZER_FAILED', message: expect.stringContaining('a bug of its author') },
    });
  });

  it('of a stranger are not lent to a strategy in a thread of the gateway, nor do they its jobs', async () => {
    const config = { method: 'optimizer', optimizer: 'tilted', optimizerConfig: {} };
    const message = expect.stringMatching(/^names the optimizer tilted, .* "process" too, or .* "worker"/);
    expect(await check('rebalance', config)).toEqual({ problems: [{ field: 'optimizer', message }] });
    await expect(open('rebalance', config)).rejects.toMatchObject({
      ...{ code: 'STRATEGY_OPTIMIZER_ISOLATED', isHopeless: true },
    });
    const pool = openJobPool({ host: world.host, config: CONFIG, logger: silent, telemetry: NOTHING });
    const request = { assets: [{ symbol: 'A', closes: [] }] };
    const job = { kind: 'weights', specifier: STRANGER, id: 'tilted', config: {}, request } as const;
    await expect(pool.run(job, AbortSignal.timeout(60_000))).rejects.toMatchObject({ code: 'JOB_REFUSED' });
    await pool.close();
  });

  it('are lent to strategies of ours in processes, too', async () => {
    const here = await make(support.level, 'process');
    const numbers = { minWeight: 0, maxWeight: 1, everyBars: 1, driftBand: 0, cashBuffer: 0, minTrade: 0 };
    for (const [optimizer, optimizerConfig, warmup] of [
      ['minimum-variance', { period: 3 }, 3],
      ['tilted', {}, 0],
    ] as const) {
      const config = { ...numbers, method: 'optimizer', weights: {}, optimizer, optimizerConfig };
      const hosted = await open('rebalance', config, here);
      expect(hosted.inputs.warmup).toBe(warmup);
      expect(await hosted.run([barInput(1)], EMPTY_PORTFOLIO, false)).toMatchObject({ taken: 1 });
    }
  });
});
