import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

import type { Extension, OptimizerDefinition } from '@omniquant/plugin-sdk';
import {
  brokerConformance,
  type BrokerConformanceCase,
  type ConformanceCase,
  feedConformance,
  optimizerConformance,
  strategyConformance,
} from '@omniquant/plugin-sdk/testing';

import { type LoadedPlugin, loadPlugin } from '../../plugins/load-plugin.ts';
import { OWN_OPTIMIZERS } from '../../plugins/own-optimizers.ts';
import { pluginFolder, specifierOf } from '../../plugins/plugin-list.ts';
import { brokerFixtureOf } from './broker-fixture.ts';
import { strategyCasesOf } from './strategy-cases.ts';

const say = (text: string): boolean => process.stdout.write(`${text}\n`);

/** As an operator could grant them: the kit does not ask what a plugin may do, but what it does. */
const ALL = ['network', 'secrets', 'storage'] as const;

export interface TestPluginOptions {
  /** A package that was added, the folder of one, or, with ./ or / in front, a module. */
  readonly plugin: string;
  readonly config: Readonly<Record<string, unknown>> | null;
  /** The list, beside which packages are looked for. */
  readonly file: string;
}

/** Puts each strategy, optimizer and broker of a plugin through the numbered cases of the SDK's kits. Throws when one fails. */
export async function testPlugin({ config, file, plugin }: TestPluginOptions): Promise<void> {
  // A path is from where the command is given, not from where the list is.
  const specifier = specifierOf(isHere(plugin, file) ? resolve(plugin) : plugin, file);
  const loaded = await loadPlugin({ specifier, grants: ALL, required: true });
  const failed = await runCases(loaded, config);
  if (failed > 0) throw new Error(`${String(failed)} ${failed === 1 ? 'case' : 'cases'} failed`);
}

/** A package that was added goes before a folder of the same name. */
const isHere = (plugin: string, file: string): boolean =>
  plugin.startsWith('.') ||
  (!existsSync(join(pluginFolder(file), 'node_modules', plugin)) &&
    statSync(plugin, { throwIfNoEntry: false })?.isDirectory() === true);

/** Cases of an extension; null where there are none for its kind. `there` are what its strategies may use. */
async function casesOf(
  { entry }: LoadedPlugin,
  extension: Extension,
  config: TestPluginOptions['config'],
  there: readonly OptimizerDefinition[],
): Promise<readonly (ConformanceCase | BrokerConformanceCase)[] | null> {
  const given = config === null ? {} : { config };
  switch (extension.kind) {
    case 'strategy':
      return strategyConformance(extension, {
        ...strategyCasesOf(entry.specifier),
        ...given,
        optimizers: there,
      });
    case 'optimizer':
      return optimizerConformance(extension, given);
    case 'broker':
      return brokerConformance(extension, await brokerFixtureOf(entry.specifier));
    case 'feed':
      return feedConformance(extension, given);
    default:
      return null;
  }
}

const optimizersOf = ({ extensions }: LoadedPlugin): OptimizerDefinition[] =>
  extensions.flatMap((extension) => (extension.kind === 'optimizer' ? [extension] : []));

async function runCases(loaded: LoadedPlugin, config: TestPluginOptions['config']): Promise<number> {
  const { extensions, plugin } = loaded;
  const own = OWN_OPTIMIZERS.map((specifier) => loadPlugin({ specifier, grants: [], required: true }));
  const there = [loaded, ...(await Promise.all(own))].flatMap(optimizersOf);
  let failed = 0;
  for (const extension of extensions) {
    const cases = await casesOf(loaded, extension, config, there);
    if (cases === null) {
      say(`${plugin.name} ${extension.kind} ${extension.id}: there are no cases for this kind`);
    }
    for (const each of cases ?? []) {
      if (!(await isPassed(extension.id, each))) failed += 1;
    }
  }
  return failed;
}

/** Runs a case and prints what came of it. */
async function isPassed(id: string, checked: ConformanceCase | BrokerConformanceCase): Promise<boolean> {
  const { number, title } = checked;
  try {
    const skipped = (await checked.run()) ?? null;
    say(skipped === null ? `ok   ${id} ${number} ${title}` : `skip ${id} ${number} ${title}: ${skipped}`);
    return true;
  } catch (error) {
    say(`FAIL ${id} ${number} ${title}\n     ${error instanceof Error ? error.message : String(error)}`);
    return false;
  }
}
