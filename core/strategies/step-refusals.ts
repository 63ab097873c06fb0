import type { CommandResult } from '../engine/decision.ts';
import type { StepWishes, Telling } from './effect-commands.ts';
import type { QueuedInput } from './input-queue.ts';

/** What of a step's wishes was not done, as its strategy and its owner hear of it. */
export interface StepRefusals {
  readonly tellings: readonly Telling[];
  /** Orders that were refused without leaving a trace in the journal, at market time `at`. */
  readonly inputs: readonly QueuedInput[];
}

const warning = (message: string, code: string | null): Telling => ({
  type: 'log',
  level: 'WARN',
  message,
  data: code === null ? null : { code },
});

/** `resultOf` gives the answer to the command at an index of the wishes; undefined when it is not known. */
export const refusalsOf = (
  { commands, problems, subjects }: StepWishes,
  resultOf: (index: number) => CommandResult | undefined,
  at: number,
): StepRefusals => {
  const tellings = problems.map((problem) => warning(problem, null));
  const inputs: QueuedInput[] = [];
  commands.forEach((command, index) => {
    const result = resultOf(index);
    if (result?.kind !== 'denied') return;
    const { code, message } = result.denial;
    tellings.push(warning(`${command.kind} was denied: ${message}`, code));
    if (command.kind !== 'placeOrder' || result.orderId !== null) return;
    const { symbol } = command.terms;
    const event = { ref: subjects[index] ?? '', symbol, at, status: 'DENIED', reason: message } as const;
    inputs.push({ input: { kind: 'orderEvent', at, event } });
  });
  return { tellings, inputs };
};
