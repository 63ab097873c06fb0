import type { JournaledEvent } from '../engine/account-event.ts';
import type { Bus } from '../ports/bus.ts';
import type { Clock } from '../ports/clock.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import type { AccountActor } from './account-actor.ts';
import { endSpans, type SealedBatch } from './batch-draft.ts';
import type { ClientWork } from './work.ts';

export interface SettleOptions {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  onCommitted(actor: AccountActor, sealed: SealedBatch, events: readonly JournaledEvent[]): void;
}

/** Makes a durable batch known: to those who asked, to other processes, to the venue, to listeners here. */
export function settleBatch(actor: AccountActor, sealed: SealedBatch, options: SettleOptions): void {
  endSpans(sealed.decided, null);
  for (const item of sealed.decided) {
    const { work } = item;
    if (work.kind === 'client') {
      answer(work, sealed, options);
    } else if (work.kind === 'system') {
      work.settled?.(true);
    } else if ('value' in item) {
      work.resolve(item.value);
    }
  }
  const { batch } = sealed;
  if (batch !== null) {
    const { accountId, workspaceId, expectedSeq, events } = batch;
    options.bus.publish('commit', {
      accountId,
      workspaceId,
      from: expectedSeq,
      to: expectedSeq + events.length,
    });
    options.onCommitted(actor, sealed, events);
  }
}

function answer(work: ClientWork, sealed: SealedBatch, { clock, telemetry }: SettleOptions): void {
  const replies = sealed.replies.get(work) ?? [];
  work.resolve(replies);
  const seconds = (clock.monotonic() - work.arrivedAt) / 1_000;
  replies.forEach(({ result }, index) => {
    const kind = work.commands[index]?.kind ?? 'none';
    telemetry.count('commands_total', { kind, result: result.kind });
    telemetry.observe('command_seconds', seconds, { kind }, work.meta.traceparent);
  });
}
