import type { ClientCommand } from '../engine/command.ts';
import type { PreviewReply } from '../runtime/command-gate.ts';
import type { CommandMeta, CommandReply } from '../runtime/command-reply.ts';

/** The process asked does not own the account (any more), or is not there: nothing was done, ask who does. */
export class NotOwnerError extends Error {
  readonly code = 'NOT_OWNER';

  constructor(accountId: string, options?: ErrorOptions) {
    super(`account ${accountId} is not owned by this process`, options);
    this.name = 'NotOwnerError';
  }
}

/**
 * Takes commands to the process that owns their account, within `meta.deadline`. Throws NotOwnerError,
 * CommandError, and UnavailableError: NOT_PLACED when the request was turned away, else UNKNOWN.
 */
export interface Forwarder {
  executeAll(
    address: string,
    accountId: string,
    commands: readonly ClientCommand[],
    meta: CommandMeta,
  ): Promise<readonly CommandReply[]>;
  preview(
    address: string,
    accountId: string,
    command: ClientCommand,
    meta: CommandMeta,
  ): Promise<PreviewReply>;
}
