import { inspect } from 'node:util';

import { expect } from '@jest/globals';
import type {
  Context,
  Notifier,
  NotifierDefinition,
  NotifierError,
  Permission,
  TSchema,
} from '@omniquant/plugin-sdk';
import { isNotifierError } from '@omniquant/plugin-sdk';

import { checkConfig } from '../../../gateway/plugins/config-check.ts';

export interface NotifierSetup {
  readonly config?: Readonly<Record<string, unknown>>;
  readonly secrets: Readonly<Record<string, string>>;
  readonly now?: () => number;
  readonly fetch?: typeof globalThis.fetch;
}

export interface NotifierConnection {
  readonly notifier: Notifier;
  readonly warnings: unknown[];
  /** As the host does when it stops the extension. */
  stop(): void;
}

/** Checks settings and credentials as the host does, and connects with what it would lend. */
export async function connectNotifier<S extends TSchema, P extends Permission>(
  definition: NotifierDefinition<S, P>,
  { config = {}, secrets, now = Date.now, fetch = globalThis.fetch }: NotifierSetup,
): Promise<NotifierConnection> {
  const checked = checkConfig(definition.config, config);
  expect(checked.problems).toEqual([]);
  if (definition.secrets !== undefined) {
    expect(checkConfig(definition.secrets, secrets).problems).toEqual([]);
  }
  return connectUnchecked(definition, { config: checked.value, secrets, now, fetch });
}

/** Connects with settings that the host's check of the schema would not have let through. */
export async function connectUnchecked<S extends TSchema, P extends Permission>(
  definition: NotifierDefinition<S, P>,
  { config = {}, secrets, now = Date.now, fetch = globalThis.fetch }: NotifierSetup,
): Promise<NotifierConnection> {
  const stopped = new AbortController();
  const warnings: unknown[] = [];
  const log = { debug() {}, info() {}, error() {}, warn: (...line: unknown[]) => warnings.push(line) };
  const granted = {
    network: { fetch },
    secrets: {
      secret: async (name: string): Promise<string> => {
        const value = secrets[name];
        if (value === undefined) throw new Error(`${name} is not set`);
        return value;
      },
    },
    storage: {},
  };
  const ctx = Object.assign(
    { log, signal: stopped.signal, now },
    ...(definition.permissions ?? []).map((permission) => granted[permission]),
  ) as Context<P>;
  const notifier = await definition.connect(config, ctx);
  return {
    notifier,
    warnings,
    stop: () => {
      stopped.abort(new Error('stopped'));
    },
  };
}

/** The coded error that a call failed with; no part of it, causes included, shows any of the texts. */
export async function failureOf(call: Promise<unknown>, hidden: readonly string[]): Promise<NotifierError> {
  const error: unknown = await call.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!isNotifierError(error)) throw new Error(`no NotifierError but ${inspect(error)}`);
  const shown = inspect(error, { depth: null, showHidden: true, maxStringLength: null });
  for (const text of hidden) expect(shown).not.toContain(text);
  return error;
}
