import type { ClientCommand } from '../engine/command.ts';
import { CommandError } from '../engine/decision.ts';
import type { AccountEntry } from '../ports/account-directory.ts';
import type { BrokerConnector } from '../ports/broker-connector.ts';
import type { Clock } from '../ports/clock.ts';
import { type Forwarder, NotOwnerError } from '../ports/forwarder.ts';
import type { CommandGate } from './command-gate.ts';
import { type CommandMeta, type CommandReply, UnavailableError } from './command-reply.ts';
import { pause } from './deadline.ts';
import type { KnownAccounts } from './known-accounts.ts';
import type { LeaseKeeper } from './lease-keeper.ts';
import type { LocalAccounts } from './local-accounts.ts';
import { shardOf } from './sharding.ts';

export interface CommandRouterOptions {
  readonly accounts: KnownAccounts;
  readonly local: LocalAccounts;
  readonly forwarder: Forwarder;
  readonly leases: Pick<LeaseKeeper, 'epoch' | 'addressOf' | 'refresh'>;
  readonly connector: Pick<BrokerConnector, 'isExclusive'>;
  readonly clock: Clock;
}

/** The connection of accounts that were opened without naming one. */
export const DEFAULT_CONNECTION = 'default';

const RETRY_FROM_MS = 20;
const RETRY_TO_MS = 250;

/**
 * Takes a command to the account's owner. While an account changes hands it has none for a moment:
 * nothing has been done then, so the command is tried again until its deadline.
 */
export function createCommandRouter(options: CommandRouterOptions): CommandGate {
  const { accounts, local, forwarder, leases, clock } = options;

  async function entryFor(accountId: string, command: ClientCommand | undefined): Promise<AccountEntry> {
    const known = await accounts.find(accountId);
    if (known !== null) {
      return known;
    }
    if (command?.kind !== 'openAccount') {
      throw new CommandError('NOT_FOUND', `there is no account ${accountId}`, 'accountId');
    }
    const ref = { broker: command.broker, connection: DEFAULT_CONNECTION };
    const shard = shardOf(accountId, ref, await options.connector.isExclusive(ref));
    return accounts.add({ accountId, workspaceId: command.workspaceId, shard, ...ref });
  }

  async function route<T>(
    entry: AccountEntry,
    meta: CommandMeta,
    here: () => Promise<T>,
    there: (address: string) => Promise<T>,
  ): Promise<T> {
    for (let wait = RETRY_FROM_MS; ; wait = Math.min(wait * 2, RETRY_TO_MS)) {
      try {
        if (leases.epoch(entry.shard) !== null) {
          return await here();
        }
        const address = leases.addressOf(entry.shard);
        if (address !== null) {
          return await there(address);
        }
      } catch (error) {
        if (!(error instanceof NotOwnerError)) {
          throw error;
        }
      }
      if (clock.now() + wait >= meta.deadline) {
        throw new UnavailableError('NOT_PLACED', 'no gateway owns the account at the moment: try again');
      }
      await pause(clock, wait);
      await leases.refresh().catch(() => undefined);
    }
  }

  async function executeAll(
    accountId: string,
    commands: readonly ClientCommand[],
    meta: CommandMeta,
  ): Promise<readonly CommandReply[]> {
    const entry = accounts.peek(accountId) ?? (await entryFor(accountId, commands[0]));
    return route(
      entry,
      meta,
      () => local.executeAll(accountId, commands, meta),
      (address) => forwarder.executeAll(address, accountId, commands, meta),
    );
  }

  return {
    executeAll,
    async execute(accountId, command, meta) {
      const [reply] = await executeAll(accountId, [command], meta);
      if (reply === undefined) {
        throw new UnavailableError('UNKNOWN', 'the owner of the account gave no answer');
      }
      return reply;
    },
    async preview(accountId, command, meta) {
      const entry = await entryFor(accountId, undefined);
      return route(
        entry,
        meta,
        () => local.preview(accountId, command, meta),
        (address) => forwarder.preview(address, accountId, command, meta),
      );
    },
  };
}
