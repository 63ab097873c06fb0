import type { ClientCommand } from '../engine/command.ts';
import { CommandError } from '../engine/decision.ts';
import type { AccountEntry } from '../ports/account-directory.ts';
import { NotOwnerError } from '../ports/forwarder.ts';
import type { ShardOwnership } from '../ports/leases.ts';
import type { AccountActor } from './account-actor.ts';
import type { PreviewReply } from './command-gate.ts';
import { type CommandMeta, type CommandReply, UnavailableError } from './command-reply.ts';
import type { KnownAccounts } from './known-accounts.ts';
import { previewCommand } from './preview-command.ts';
import type { ShardRunner } from './shard-runner.ts';

export interface LocalAccountsOptions {
  readonly accounts: KnownAccounts;
  readonly ownership: Pick<ShardOwnership, 'epoch'>;
  readonly runner: Pick<ShardRunner, 'actors' | 'broken' | 'find' | 'create' | 'isTaken'>;
  /** Undefined when it takes longer than is worth waiting for. */
  readonly soon: <T>(what: Promise<T>) => Promise<T | undefined>;
  /** Lets the venue of an account that is about to be opened get ready, for a moment. */
  prepare(entry: AccountEntry): Promise<void>;
}

/** The accounts of this process alone: throws NotOwnerError for others, so that nothing is forwarded twice. */
export interface LocalAccounts {
  executeAll(
    accountId: string,
    commands: readonly ClientCommand[],
    meta: CommandMeta,
  ): Promise<readonly CommandReply[]>;
  preview(accountId: string, command: ClientCommand, meta: CommandMeta): Promise<PreviewReply>;
}

export function createLocalAccounts(options: LocalAccountsOptions): LocalAccounts {
  const { accounts, ownership, runner } = options;

  async function requireEntry(accountId: string): Promise<AccountEntry> {
    const entry = await accounts.find(accountId);
    if (entry === null) {
      throw notFound(accountId);
    }
    return entry;
  }

  /** Null for an account that has not been opened yet. */
  async function actorOf(entry: AccountEntry): Promise<AccountActor | null> {
    const { accountId, shard } = entry;
    if (ownership.epoch(shard) === null) {
      throw new NotOwnerError(accountId);
    }
    const actor = runner.actors.get(accountId) ?? (await options.soon(runner.find(entry)));
    if (actor === undefined) {
      throw new NotOwnerError(accountId);
    }
    if (actor !== null) {
      return actor;
    }
    const damage = runner.broken.get(accountId);
    if (damage !== undefined) {
      throw new UnavailableError('NOT_PLACED', damage.error.message, { cause: damage.error });
    }
    if (!runner.isTaken(shard)) {
      throw new NotOwnerError(accountId);
    }
    return null;
  }

  async function open(entry: AccountEntry, commands: readonly ClientCommand[], meta: CommandMeta) {
    await options.prepare(entry);
    const actor = runner.create(entry);
    if (actor === null) {
      throw new NotOwnerError(entry.accountId);
    }
    return actor.submit(commands, meta);
  }

  return {
    async executeAll(accountId, commands, meta) {
      const entry = accounts.peek(accountId) ?? (await requireEntry(accountId));
      const known = runner.actors.get(accountId);
      const actor =
        known !== undefined && ownership.epoch(entry.shard) !== null ? known : await actorOf(entry);
      const isOpening = commands[0]?.kind === 'openAccount';
      if (actor === null || (isOpening && actor.state?.seq === 0)) {
        if (!isOpening) {
          throw notFound(accountId);
        }
        return open(entry, commands, meta);
      }
      return actor.submit(commands, meta);
    },
    async preview(accountId, command, meta) {
      const actor = await actorOf(await requireEntry(accountId));
      if (actor === null) {
        throw notFound(accountId);
      }
      return actor.read((state, context) => previewCommand(state, command, context), meta.deadline);
    },
  };
}

const notFound = (accountId: string): CommandError =>
  new CommandError('NOT_FOUND', `there is no account ${accountId}`, 'accountId');
