import type { AccountState } from '../engine/account-state.ts';
import type { ClientCommand, SystemCommand } from '../engine/command.ts';
import type { ArchiveView, DecideContext } from '../engine/decide-context.ts';
import type { CommandMeta, CommandReply } from './command-reply.ts';

/** Commands of a client, decided together and made durable in one commit. */
export interface ClientWork {
  readonly kind: 'client';
  readonly commands: readonly ClientCommand[];
  readonly meta: CommandMeta;
  /** Monotonic. */
  readonly arrivedAt: number;
  readonly resolve: (replies: readonly CommandReply[]) => void;
  readonly reject: (error: Error) => void;
  archive: ArchiveView | null;
}

/** What the venue, the market or the clock brought. It is never refused, and decided again if a commit fails. */
export interface SystemWork {
  readonly kind: 'system';
  readonly command: SystemCommand;
  /** Of the order that it is about. */
  readonly traceparent: string | null;
  /** Monotonic. */
  readonly arrivedAt: number;
  /** Told once the effects are durable (`true`) or the account was let go (`false`). */
  readonly settled: ((committed: boolean) => void) | null;
  archive: ArchiveView | null;
}

/** A look at the state, handed out once everything that it saw is durable. */
export interface ReadWork {
  readonly kind: 'read';
  /** Monotonic. */
  readonly arrivedAt: number;
  /** Wall time, epoch ms. */
  readonly deadline: number;
  readonly read: (state: AccountState, context: DecideContext) => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

export type Work = ClientWork | SystemWork | ReadWork;

export function systemWork(
  command: SystemCommand,
  arrivedAt: number,
  traceparent: string | null = null,
  settled: SystemWork['settled'] = null,
): SystemWork {
  return { kind: 'system', command, traceparent, arrivedAt, settled, archive: null };
}

/** Of the (first) command, for logs and metrics. */
export function kindOf(work: Work): string {
  switch (work.kind) {
    case 'client':
      return work.commands[0]?.kind ?? 'none';
    case 'system':
      return work.command.kind;
    case 'read':
      return 'read';
  }
}

/** `now`: wall time. What the venue said does not expire. */
export function isExpired(work: Work, now: number): boolean {
  return work.kind !== 'system' && now >= (work.kind === 'client' ? work.meta.deadline : work.deadline);
}
