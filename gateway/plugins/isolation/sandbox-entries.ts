import type { Isolation, PluginEntry } from '../load-plugin.ts';
import type { Sandbox } from './sandbox.ts';
import { readSandboxedPlugin } from './sandboxed-plugin.ts';

/**
 * A listed plugin as it is to be loaded: what runs in processes of its own is read in one as well, so that
 * nothing of its code runs in the gateway.
 */
export function inItsIsolation(entry: PluginEntry, usual: Isolation, sandbox: Sandbox): PluginEntry {
  const { isolation = usual, specifier } = entry;
  return isolation === 'worker'
    ? { ...entry, isolation }
    : { ...entry, isolation, read: () => readSandboxedPlugin(specifier, sandbox) };
}
