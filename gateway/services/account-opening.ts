import { actorOf } from '../../core/identity/principal.ts';
import type { AccountDirectory, AccountEntry } from '../../core/ports/account-directory.ts';
import type { AuditAction, AuditLog } from '../../core/ports/audit-log.ts';
import type { BrokerCatalog, BrokerDescription } from '../../core/ports/broker-catalog.ts';
import type { BrokerConnector } from '../../core/ports/broker-connector.ts';
import type { BrokerSettings, BrokerSettingsStore, JsonObject } from '../../core/ports/broker-settings.ts';
import type { Bus } from '../../core/ports/bus.ts';
import type { Clock, Ids } from '../../core/ports/clock.ts';
import { DEFAULT_LIMITS } from '../../core/risk/limits.ts';
import { shardOf } from '../../core/runtime/sharding.ts';
import type { OpenAccountRequest } from '../../schema/account/account-service.ts';
import type { RequestContext } from '../../schema/context.ts';
import { badInput } from '../../schema/errors/api-error.ts';
import { DEFAULT_CONNECTION } from '../plugins/broker-connector.ts';
import { checkBrokerConfig, checkBrokerSecrets } from './broker-settings-check.ts';
import type { CommandSender } from './command-sender.ts';
import { nearestHint } from './nearest-text.ts';
import { requireText } from './text-arguments.ts';

const CURRENCY = /^[A-Z][A-Z0-9]{1,9}$/;

export interface AccountOpeningOptions {
  readonly directory: Pick<AccountDirectory, 'add'>;
  readonly brokers: BrokerCatalog;
  readonly connector: Pick<BrokerConnector, 'isExclusive'>;
  readonly settings: BrokerSettingsStore;
  readonly bus: Pick<Bus, 'publish'>;
  readonly audit: AuditLog;
  readonly sender: CommandSender;
  readonly ids: Ids;
  readonly clock: Pick<Clock, 'now'>;
}

/** For a caller who may. Both throw BAD_USER_INPUT with the argument's path. */
export interface AccountOpening {
  /** Answers with the new account's id. */
  open(context: RequestContext, input: OpenAccountRequest): Promise<string>;
  setCredentials(context: RequestContext, entry: AccountEntry, secrets: JsonObject): Promise<void>;
}

export function createAccountOpening(options: AccountOpeningOptions): AccountOpening {
  const { directory, brokers, connector, settings, bus, audit, sender, ids, clock } = options;

  const brokerOf = (id: string): BrokerDescription => {
    const broker = brokers.find(id);
    if (broker !== undefined) return broker;
    const asked = JSON.stringify(id.slice(0, 80));
    throw badInput(`There is no broker ${asked} here${nearestHint(id, brokers.ids())}.`, 'input.broker');
  };

  const record = (context: RequestContext, action: AuditAction, accountId: string): Promise<void> => {
    const principal = context.requirePrincipal();
    const { workspaceId } = principal;
    const entry = { workspaceId, at: clock.now(), actor: actorOf(principal), details: null };
    return audit.append({ ...entry, action, target: `account:${accountId}` }, context.signal);
  };

  return {
    async open(context, input) {
      const broker = brokerOf(input.broker);
      checkInput(input);
      const own = settingsOf(broker, input);
      const { workspaceId } = context.requirePrincipal();
      const accountId = ids.next();
      const connection = needsOwnConnection(broker, own) ? accountId : DEFAULT_CONNECTION;
      const ref = { broker: broker.id, connection };
      const shard = shardOf(accountId, ref, await connector.isExclusive(ref));
      await directory.add({ accountId, workspaceId, shard, ...ref }, context.signal);
      if (own.config !== null || own.secrets !== null) {
        await settings.save({ workspaceId, accountId }, own, context.signal);
      }
      const command = {
        kind: 'openAccount',
        accountId,
        workspaceId,
        name: input.name.trim(),
        broker: broker.id,
        environment: input.environment,
        baseCurrency: input.baseCurrency,
        startingCash: input.startingCash ?? null,
        limits: DEFAULT_LIMITS,
      } as const;
      await sender.send(context, accountId, command, { fields: { startingCash: 'input.startingCash' } });
      await record(context, 'account.opened', accountId);
      return accountId;
    },

    async setCredentials(context, { accountId, workspaceId, broker, connection }, secrets) {
      if (connection !== accountId) {
        const message =
          "The account shares the gateway's connection to its broker and has no credentials of its own.";
        throw badInput(message, 'accountId');
      }
      checkBrokerSecrets(brokerOf(broker), secrets, 'secrets');
      await settings.save({ workspaceId, accountId }, { config: null, secrets }, context.signal);
      bus.publish('brokerSettings', { connection });
      await record(context, 'account.credentials-set', accountId);
    },
  };
}

function checkInput({ name, baseCurrency, startingCash }: OpenAccountRequest): void {
  requireText(name, 'input.name', 100);
  if (!CURRENCY.test(baseCurrency)) {
    throw badInput('input.baseCurrency is a code in capitals, such as USD.', 'input.baseCurrency');
  }
  if (startingCash?.startsWith('-') === true) {
    throw badInput('input.startingCash is a decimal from 0.', 'input.startingCash');
  }
}

function settingsOf(broker: BrokerDescription, input: OpenAccountRequest): BrokerSettings {
  const config = input.config ?? null;
  const secrets = input.secrets ?? null;
  checkBrokerConfig(broker, config ?? {}, 'input.config');
  if (secrets !== null) checkBrokerSecrets(broker, secrets, 'input.secrets');
  return { config, secrets };
}

/** With credentials to come later it must have one of its own, too. */
function needsOwnConnection(broker: BrokerDescription, { config, secrets }: BrokerSettings): boolean {
  return config !== null || secrets !== null || broker.secretsSchema !== null;
}
