/** A defect that is planted while the code is loaded: `find` must be in the file once. */
export interface Edit {
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

/** Defects that have cost others money; the simulation has to find each. */
export const MUTANTS: Readonly<Record<string, readonly Edit[]>> = {
  'send before commit': [
    {
      file: 'core/runtime/commit-scheduler.ts',
      find: "failpoints.hit('journal.before-append');",
      replace: 'for (const [actor, sealed] of batch) options.onCommitted(actor, sealed, []);',
    },
    {
      file: 'core/runtime/settle-batch.ts',
      find: 'options.onCommitted(actor, sealed, events);',
      replace: '',
    },
  ],
  'answer before commit': [
    {
      file: 'core/runtime/commit-scheduler.ts',
      find: "failpoints.hit('journal.before-append');",
      replace: 'for (const [actor, sealed] of batch) settle(actor, sealed);',
    },
    {
      file: 'core/runtime/commit-scheduler.ts',
      find: '      for (const [actor, sealed] of done) {\n        settle(actor, sealed);\n      }',
      replace: '',
    },
  ],
  'blind retry': [
    {
      file: 'core/runtime/in-doubt.ts',
      find: 'connected.capabilities.refusesDuplicates &&',
      replace: '',
    },
    {
      file: 'core/engine/decide/not-at-venue.ts',
      find: ' || !capabilities.refusesDuplicates',
      replace: '',
    },
  ],
  'lost fence': [
    {
      file: 'tests/support/memory-journal.ts',
      find: 'known.epoch === batch.epoch && known.seq === batch.expectedSeq',
      replace: 'known.seq > 0',
    },
    {
      file: 'tests/support/memory-journal.ts',
      find: 'if (event.seq !== account.seq + 1) {',
      replace: 'if (event.seq > account.seq + 1) {',
    },
    {
      file: 'tests/support/memory-journal.ts',
      find: 'account.events.push(JSON.stringify(event));',
      replace: 'account.events[event.seq - 1] = JSON.stringify(event);',
    },
  ],
  'an unknown commit taken for a failed one': [
    {
      file: 'core/runtime/create-account-actor.ts',
      find: "        refuse(clients, outcome, 'the journal did not confirm the command', error);",
      replace:
        "        void outcome;\n        refuse(clients, 'NOT_PLACED', 'the journal did not confirm the command', error);",
    },
  ],
  'double release of a reservation': [
    {
      file: 'core/engine/apply/exposure.ts',
      find: 'if (before !== null) add(exposure, order, before, -1n);',
      replace:
        'if (before !== null) add(exposure, order, before, -1n);\n  if (before !== null && after === null) add(exposure, order, before, -1n);',
    },
  ],
  'fill dropped in Done': [
    {
      file: 'core/engine/decide/fill-message.ts',
      find: '  if (isKnown(known)) {',
      replace: '  if (isLate) return [];\n  if (isKnown(known)) {',
    },
  ],
  'fill booked twice': [
    {
      file: 'core/engine/decide/fill-message.ts',
      find: '  if (isKnown(known)) {',
      replace: '  if (isKnown(known) && known.seq > 40) {',
    },
  ],
  'the cursor runs ahead of what is booked': [
    {
      file: 'core/runtime/account-sync.ts',
      find: 'for (const event of await unknownFills(events, requireState(actor), env)) {',
      replace: 'for (const event of (await unknownFills(events, requireState(actor), env)).slice(1)) {',
    },
  ],
  'nothing is in doubt after a restart': [
    {
      file: 'core/runtime/create-account-actor.ts',
      find: "mailbox.putBack([systemWork({ kind: 'recover' }, env.clock.monotonic())]);",
      replace: 'actor.admitClients();',
    },
  ],
  'a client order id forgotten': [
    {
      file: 'core/engine/decide/place-order.ts',
      find: '  if (known !== undefined) return answerAgain(known, command.requestHash);\n  const malformed',
      replace:
        "  if (known !== undefined && known.lifecycle !== 'DONE') return answerAgain(known, command.requestHash);\n  const malformed",
    },
  ],
  'a cancel that got lost is not asked again': [
    {
      file: 'core/runtime/in-doubt.ts',
      find: '      send(cancelSend(order));',
      replace: '',
    },
  ],
  'a snapshot without what is reserved': [
    {
      file: 'core/engine/snapshot.ts',
      find: 'if (order !== undefined) settleShare(state, order, null);',
      replace: "if (order?.lifecycle === 'WORKING') settleShare(state, order, null);",
    },
  ],
  'a step of a strategy taken again after an unknown commit': [
    {
      file: 'core/strategies/step-commit.ts',
      find: "return first?.kind === 'stepStrategy' && strategy.step >= first.step;",
      replace: "return first?.kind === 'stepStrategy' && strategy.step > first.step;",
    },
    {
      file: 'core/engine/decide/strategy-commands.ts',
      find: ' || step !== strategy.step + 1',
      replace: '',
    },
  ],
  'a fill that a strategy is not told of after a commit that nobody heard of': [
    {
      file: 'core/strategies/strategy-supervisor.ts',
      find: 'for (const life of livesOf([actor])) life.run?.reopened();',
      replace: '',
    },
    {
      file: 'core/strategies/account-events.ts',
      find: 'if (waiting.length > 0) void closeGap();',
      replace: 'taken = waiting.at(-1)?.seq ?? taken;',
    },
  ],
};
