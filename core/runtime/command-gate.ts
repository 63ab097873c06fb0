import type { ClientCommand } from '../engine/command.ts';
import type { CommandMeta, CommandReply } from './command-reply.ts';

/** What an order would do now; amounts as decimal strings, null where a price is missing. */
export interface PreviewReply {
  readonly denial: {
    readonly code: string;
    readonly message: string;
    readonly details: Readonly<Record<string, string | number | boolean | null>>;
  } | null;
  readonly notional: string | null;
  readonly estimatedPrice: string | null;
  readonly estimatedFees: string | null;
  readonly buyingPowerAfter: string | null;
  readonly positionAfter: string | null;
}

/**
 * The door to the trading runtime, the same for the GraphQL resolvers, strategies and the command
 * line: finds the account's owner, here or in another process. The caller has checked that the actor
 * may act on the account. Throws UnavailableError and CommandError.
 */
export interface CommandGate {
  execute(accountId: string, command: ClientCommand, meta: CommandMeta): Promise<CommandReply>;
  /** Independent commands in order, decided together and made durable in one commit. */
  executeAll(
    accountId: string,
    commands: readonly ClientCommand[],
    meta: CommandMeta,
  ): Promise<readonly CommandReply[]>;
  preview(accountId: string, command: ClientCommand, meta: CommandMeta): Promise<PreviewReply>;
}
