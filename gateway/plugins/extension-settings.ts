import type { Extension, TSchema } from '@omniquant/plugin-sdk';

import type { JsonObject } from '../../core/ports/broker-settings.ts';
import { checkConfig, type ConfigProblem } from './config-check.ts';

/** Where a credential is: never what it is. */
export type SecretReference = { readonly env: string } | { readonly file: string };

/** By extension as `kind:id`, by the credential's name. */
export type SecretReferences = Readonly<Record<string, Readonly<Record<string, SecretReference>>>>;

/** What the operator sets of one extension for the whole gateway. */
export interface ExtensionSettings {
  /** As it was set, without the schema's defaults. */
  readonly config: JsonObject;
  readonly secrets: ReadonlyMap<string, string>;
}

/** What is wrong with settings, and in which part of them. */
export interface SettingProblem extends ConfigProblem {
  readonly part: 'config' | 'secrets';
}

export const keyOf = ({ id, kind }: Pick<Extension, 'id' | 'kind'>): string => `${kind}:${id}`;

/**
 * Kinds with settings of the gateway. Those of a feed are whole; a broker's and a notifier's are what the
 * settings of each connection and each channel go on top of. Other kinds get their parameters when they are used.
 */
const CONFIGURABLE: Readonly<Partial<Record<Extension['kind'], 'whole' | 'part'>>> = {
  broker: 'part',
  feed: 'whole',
  notifier: 'part',
};

export const isConfigurable = ({ kind }: Pick<Extension, 'kind'>): boolean =>
  CONFIGURABLE[kind] !== undefined;

export const secretsSchemaOf = (extension: Extension): TSchema | null =>
  'secrets' in extension ? (extension.secrets ?? null) : null;

/** What is required of the whole may be missing of a part. */
const partOf = (schema: TSchema): TSchema => {
  const { required: _, ...rest } = schema as TSchema & { readonly required?: readonly string[] };
  return rest;
};

/**
 * Checks settings against an extension's schemas. Nothing set is no mistake: the extension may not be in use.
 * Answers with what is wrong, path and words.
 */
export function checkSettings(extension: Extension, settings: ExtensionSettings): readonly SettingProblem[] {
  const { config, secrets } = settings;
  const isSet = Object.keys(config).length > 0 || secrets.size > 0;
  if (!isSet) return [];
  const extent = CONFIGURABLE[extension.kind];
  if (extent === undefined) {
    const message = `cannot be set for the whole gateway: a ${extension.kind} gets its parameters when it is used`;
    return [{ part: 'config', path: '', message }];
  }
  const apply = (schema: TSchema): TSchema => (extent === 'part' ? partOf(schema) : schema);
  const own = checkConfig(apply(extension.config), config).problems;
  return [
    ...own.map((problem) => ({ ...problem, part: 'config' as const })),
    ...secretProblems(extension, secrets, apply),
  ];
}

function secretProblems(
  extension: Extension,
  secrets: ReadonlyMap<string, string>,
  apply: (schema: TSchema) => TSchema,
): readonly SettingProblem[] {
  const schema = secretsSchemaOf(extension);
  if (schema === null) {
    const message = `are not for ${keyOf(extension)}: it has no credentials`;
    return secrets.size === 0 ? [] : [{ part: 'secrets', path: '', message }];
  }
  const { problems } = checkConfig(apply(schema), Object.fromEntries(secrets));
  return problems.map((problem) => ({ ...problem, part: 'secrets' as const }));
}
