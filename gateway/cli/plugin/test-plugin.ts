import { resolve } from 'node:path';

import { strategyConformance } from '@omniquant/plugin-sdk/testing';

import { type LoadedPlugin, loadPlugin } from '../../plugins/load-plugin.ts';
import { specifierOf } from '../../plugins/plugin-list.ts';

const say = (text: string): boolean => process.stdout.write(`${text}\n`);

/** As an operator could grant them: the kit does not ask what a plugin may do, but what it does. */
const ALL = ['network', 'secrets', 'storage'] as const;

export interface TestPluginOptions {
  /** A package that was added; or, with ./ or / in front, the folder of one, or a module. */
  readonly plugin: string;
  readonly config: Readonly<Record<string, unknown>> | null;
  /** The list, beside which packages are looked for. */
  readonly file: string;
}

/** Puts each strategy of a plugin through the numbered cases of the SDK's kit. Throws when one fails. */
export async function testPlugin({ config, file, plugin }: TestPluginOptions): Promise<void> {
  // A path is from where the command is given, not from where the list is.
  const specifier = specifierOf(plugin.startsWith('.') ? resolve(plugin) : plugin, file);
  const loaded = await loadPlugin({ specifier, grants: ALL, required: true });
  const failed = await runCases(loaded, config);
  if (failed > 0) throw new Error(`${String(failed)} cases failed`);
}

async function runCases(
  { extensions, plugin }: LoadedPlugin,
  config: TestPluginOptions['config'],
): Promise<number> {
  let failed = 0;
  for (const extension of extensions) {
    if (extension.kind !== 'strategy') {
      say(`${plugin.name} ${extension.kind} ${extension.id}: there are no cases for this kind`);
      continue;
    }
    for (const each of strategyConformance(extension, config === null ? {} : { config })) {
      const { number, title } = each;
      const problem = await each.run().then(
        () => null,
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      );
      if (problem !== null) failed += 1;
      say(
        `${problem === null ? 'ok  ' : 'FAIL'} ${extension.id} ${number} ${title}${problem === null ? '' : `\n     ${problem}`}`,
      );
    }
  }
  return failed;
}
