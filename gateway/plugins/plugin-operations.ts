import type { Extension } from '@omniquant/plugin-sdk';

import type {
  PluginChange,
  PluginConfiguration,
  PluginDenialCode,
  PluginOperations,
  PluginOperator,
} from '../../core/ports/plugin-operations.ts';
import type { PluginControlStore } from '../database/plugin-control-store.ts';
import { nearestText } from '../services/nearest-text.ts';
import { pluginInfo } from './catalog.ts';
import { checkSettings, isConfigurable, keyOf } from './extension-settings.ts';
import { listedAs } from './load-plugin.ts';
import { settingsOf } from './plugin-controls.ts';
import { PluginError } from './plugin-error.ts';
import type { PluginFollower } from './plugin-follower.ts';
import type { PluginHealthWatch } from './plugin-health.ts';
import type { PluginHost } from './plugin-host.ts';
import type { PluginStanding } from './plugin-slot.ts';
import type { Variable } from './secret-references.ts';

export interface PluginOperationsOptions {
  readonly host: PluginHost;
  readonly store: PluginControlStore;
  readonly follower: Pick<PluginFollower, 'announce'>;
  readonly health: Pick<PluginHealthWatch, 'problemOf'>;
  readonly variable: Variable;
  /** Wall time, epoch ms. */
  readonly now: () => number;
}

const denied = (code: PluginDenialCode, message: string): PluginChange => ({ kind: 'denied', code, message });

const invalid = (field: string, message: string): PluginChange => ({ kind: 'invalid', field, message });

/** What an operator asks for is checked here, kept for all gateways, and done here before the answer. */
export function createPluginOperations(options: PluginOperationsOptions): PluginOperations {
  const { follower, health, host, now, store } = options;

  const find = (name: string): PluginStanding | null =>
    host.standings.find((each) => each.name === name || listedAs(each.entry) === name) ?? null;

  const notListed = (name: string): PluginChange => {
    const nearest = nearestText(
      name,
      host.standings.map((each) => each.name),
    );
    const hint = nearest === null ? '' : ` The nearest is ${nearest}.`;
    return denied(
      'NOT_LISTED',
      `${name.slice(0, 80)} is not on the list of plugins: put it there first.${hint}`,
    );
  };

  const shown = (listed: string): PluginChange => {
    const standing = host.standings.find(({ entry }) => listedAs(entry) === listed);
    if (standing === undefined) return notListed(listed);
    return { kind: 'changed', plugin: pluginInfo(standing, host.controls, health.problemOf(standing)) };
  };

  const change = (standing: PluginStanding, by: PluginOperator) => ({
    ...{ plugin: listedAs(standing.entry), actor: by.actor, workspaceId: by.workspaceId, at: now() },
  });

  async function whyNotDisabled(standing: PluginStanding, signal: AbortSignal): Promise<PluginChange | null> {
    const all = [standing, ...host.dependants(listedAs(standing.entry))];
    const required = all.find(({ entry }) => entry.required);
    if (required !== undefined) {
      const why =
        required === standing
          ? `${standing.name} is required: take that off its entry on the list first`
          : `${required.name}, which is required, starts after ${standing.name}: change that on the list first`;
      return denied('REQUIRED', `${why}.`);
    }
    const brokers = all
      .flatMap(({ running }) => running?.extensions ?? [])
      .flatMap(({ definition }) => (definition.kind === 'broker' ? [definition.id] : []));
    const accounts = brokers.length === 0 ? 0 : await store.accountsAt(brokers, signal);
    if (accounts === 0) return null;
    return denied(
      'BROKER_IN_USE',
      `${String(accounts)} accounts trade over ${brokers.join(', ')}: their orders would be out of reach. Halt trading instead, with setTradingState or setGatewayTradingState.`,
    );
  }

  return {
    async enable(name, by, signal) {
      const standing = find(name);
      if (standing === null) return notListed(name);
      const { entry, state } = standing;
      // One that failed is tried again.
      if (state !== 'RUNNING') {
        await store.switch({ ...change(standing, by), enabled: true, reason: null }, signal);
        await follower.announce();
      }
      return shown(listedAs(entry));
    },

    async disable(name, reason, by, signal) {
      const standing = find(name);
      if (standing === null) return notListed(name);
      const refused = await whyNotDisabled(standing, signal);
      if (refused !== null) return refused;
      await store.switch({ ...change(standing, by), enabled: false, reason }, signal);
      await follower.announce();
      return shown(listedAs(standing.entry));
    },

    async configure(input, by, signal) {
      const standing = find(input.plugin);
      if (standing === null) return notListed(input.plugin);
      const { loaded, name } = standing;
      if (loaded === null) {
        return denied(
          'NOT_LOADED',
          `${name} was never loaded, so that its settings cannot be checked: enable it first.`,
        );
      }
      const extension = chooseExtension(loaded.extensions, input.extension, name);
      if ('field' in extension) return extension;
      const problem = problemOf(standing, extension.chosen, input);
      if (problem !== null) return problem;
      const { config, secrets } = input;
      await store.set(
        { ...change(standing, by), extension: keyOf(extension.chosen), config, secrets },
        signal,
      );
      await follower.announce();
      return shown(listedAs(standing.entry));
    },
  };

  /** What would be wrong with the settings as they would be. */
  function problemOf(
    { entry }: PluginStanding,
    extension: Extension,
    { config, secrets }: PluginConfiguration,
  ): PluginChange | null {
    const key = keyOf(extension);
    const listed = entry.config?.[key];
    try {
      const before = settingsOf(host.controls, entry, key, options.variable);
      const names = new Map([...before.secrets, ...Object.entries(secrets)]);
      const [problem] = checkSettings(extension, {
        config: config === undefined ? before.config : { ...listed, ...config },
        secrets: new Map([...names].flatMap(([name, value]) => (value === null ? [] : [[name, value]]))),
      });
      if (problem === undefined) return null;
      const field = [problem.part, problem.path].filter((part) => part !== '').join('.');
      return invalid(field, `${field} ${problem.message}`);
    } catch (error) {
      if (error instanceof PluginError) return invalid('secrets', error.message);
      throw error;
    }
  }
}

type Choice = { readonly chosen: Extension } | Extract<PluginChange, { kind: 'invalid' }>;

function chooseExtension(extensions: readonly Extension[], wanted: string | null, plugin: string): Choice {
  const refuse = (message: string): Choice => ({ kind: 'invalid', field: 'extension', message });
  const open = extensions.filter(isConfigurable);
  const names = open.map(keyOf).join(', ');
  if (open.length === 0) {
    return refuse(
      `${plugin} has no extension with settings of the gateway: its extensions get their parameters when they are used`,
    );
  }
  if (wanted === null) {
    const [only, ...others] = open;
    if (only !== undefined && others.length === 0) return { chosen: only };
    return refuse(`${plugin} has several extensions with settings: name one of ${names}`);
  }
  const found = open.filter((extension) => [keyOf(extension), extension.id].includes(wanted));
  const [only, ...others] = found;
  if (only !== undefined && others.length === 0) return { chosen: only };
  return refuse(`${wanted.slice(0, 80)} is none of ${plugin}'s extensions with settings, which are ${names}`);
}
