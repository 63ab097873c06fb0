import { readFileSync } from 'node:fs';

import type { SecretReference } from './extension-settings.ts';
import { PluginError } from './plugin-error.ts';

/** A variable of the gateway's environment; undefined where it is not set. */
export type Variable = (name: string) => string | undefined;

/**
 * The credentials that the list refers to for one extension.
 * @throws PluginError PLUGIN_CONFIG_INVALID naming the credential and what it was to be found in.
 */
export function readSecrets(
  references: Readonly<Record<string, SecretReference>>,
  owner: { readonly plugin: string; readonly extension: string },
  variable: Variable,
): ReadonlyMap<string, string> {
  const read = (name: string, reference: SecretReference): string => {
    const refuse = (why: string, cause?: unknown): never => {
      throw new PluginError(
        'PLUGIN_CONFIG_INVALID',
        owner.plugin,
        `extension ${owner.extension}, secrets.${name}: ${why}`,
        { cause },
      );
    };
    if ('env' in reference) {
      const value = variable(reference.env);
      return value === undefined || value === ''
        ? refuse(
            `the environment has no variable ${reference.env}; set it, or take the credential off the list`,
          )
        : value;
    }
    try {
      // Whoever writes a credential with an editor has a newline at its end.
      return readFileSync(reference.file, 'utf8').replace(/\r?\n$/, '');
    } catch (cause) {
      return refuse(`the file ${reference.file} cannot be read; put the credential there`, cause);
    }
  };
  return new Map(Object.entries(references).map(([name, reference]) => [name, read(name, reference)]));
}
