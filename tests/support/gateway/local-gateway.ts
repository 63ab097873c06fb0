import { buildGateway, type Gateway } from '../../../gateway/build-gateway.ts';
import { readConfig } from '../../../gateway/config.ts';
import type { DemoNote } from '../../../gateway/demo/demo-note.ts';
import { makeDataDir, removeDataDir } from './data-dir.ts';

/** A gateway in the process of the test, so that its lines count as covered; the rest is as real. */
export interface LocalGateway {
  readonly gateway: Gateway;
  readonly dataDir: string;
  readonly address: string;
  readonly demo: DemoNote;
  /** Closes it and removes its folder. */
  close(): Promise<void>;
}

export async function startLocalGateway(env: Readonly<Record<string, string>> = {}): Promise<LocalGateway> {
  const dataDir = makeDataDir();
  try {
    return await openLocalGateway(dataDir, env);
  } catch (error) {
    await removeDataDir(dataDir);
    throw error;
  }
}

/** On a folder of the caller's: a second one after the first was stopped is a restart. */
export async function openLocalGateway(
  dataDir: string,
  env: Readonly<Record<string, string>> = {},
): Promise<LocalGateway> {
  const gateway = await buildGateway(
    readConfig({ NODE_ENV: 'test', PORT: '0', LOG_LEVEL: 'error', DATA_DIR: dataDir, ...env }),
  );
  const { demo } = gateway;
  if (demo === null) throw new Error('the gateway made no demo user');
  return {
    gateway,
    dataDir,
    address: gateway.address,
    demo,
    async close() {
      await gateway.close();
      await removeDataDir(dataDir);
    },
  };
}
