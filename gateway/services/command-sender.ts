import type { ClientCommand } from '../../core/engine/command.ts';
import { CommandError } from '../../core/engine/decision.ts';
import { actorOf } from '../../core/identity/principal.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { CommandGate, PreviewReply } from '../../core/runtime/command-gate.ts';
import { type CommandMeta, type CommandReply, UnavailableError } from '../../core/runtime/command-reply.ts';
import type { RequestContext } from '../../schema/context.ts';
import { apiError, type ErrorDetails } from '../../schema/errors/api-error.ts';

/** How a request names what the engine complains about. */
export interface RequestNames {
  /** Paths of arguments by the engine's names of fields; those that are not here stay as they are. */
  readonly fields?: Readonly<Record<string, string>>;
  readonly clientOrderId?: string;
  readonly clientOrderIds?: readonly string[];
  /** What to do when nobody knows whether it was done, where asking again would do it twice. */
  readonly whenUnknown?: string;
}

/** Sends commands in the name of a request's caller, who has been checked. Throws what clients may see. */
export interface CommandSender {
  send(
    context: RequestContext,
    accountId: string,
    command: ClientCommand,
    names?: RequestNames,
  ): Promise<CommandReply>;
  sendAll(
    context: RequestContext,
    accountId: string,
    commands: readonly ClientCommand[],
    names?: RequestNames,
  ): Promise<readonly CommandReply[]>;
  preview(
    context: RequestContext,
    accountId: string,
    command: ClientCommand,
    names?: RequestNames,
  ): Promise<PreviewReply>;
}

export interface CommandSenderOptions {
  readonly gate: CommandGate;
  readonly clock: Pick<Clock, 'now'>;
  /** How long a command is worth doing. */
  readonly timeoutMs: number;
}

export function createCommandSender({ gate, clock, timeoutMs }: CommandSenderOptions): CommandSender {
  const metaOf = (context: RequestContext): CommandMeta => ({
    actor: actorOf(context.requirePrincipal()),
    correlationId: context.correlationId,
    traceparent: context.traceparent,
    deadline: clock.now() + timeoutMs,
  });

  return {
    async send(context, accountId, command, names) {
      try {
        return await gate.execute(accountId, command, metaOf(context));
      } catch (error) {
        throw presentable(error, names);
      }
    },
    async sendAll(context, accountId, commands, names) {
      try {
        return await gate.executeAll(accountId, commands, metaOf(context));
      } catch (error) {
        throw presentable(error, names);
      }
    },
    async preview(context, accountId, command, names) {
      try {
        return await gate.preview(accountId, command, metaOf(context));
      } catch (error) {
        throw presentable(error, names);
      }
    },
  };
}

const WHAT_NOW = {
  NOT_PLACED: 'The gateway could not do this, and nothing has changed: ask again.',
  UNKNOWN:
    'The gateway cannot tell whether this was done: ask again with the same id, which gives the answer.',
} as const;

function presentable(
  error: unknown,
  { fields, clientOrderId, clientOrderIds, whenUnknown }: RequestNames = {},
): unknown {
  if (error instanceof CommandError) {
    const { code, message, field } = error;
    return apiError(code, message, { field: field === null ? null : (fields?.[field] ?? field) });
  }
  if (error instanceof UnavailableError) {
    const { outcome } = error;
    const details: ErrorDetails = {
      outcome,
      ...(clientOrderId === undefined ? {} : { clientOrderId }),
      ...(clientOrderIds === undefined ? {} : { clientOrderIds }),
    };
    const message = outcome === 'UNKNOWN' ? (whenUnknown ?? WHAT_NOW.UNKNOWN) : WHAT_NOW[outcome];
    return apiError('UNAVAILABLE', message, details);
  }
  return error;
}
