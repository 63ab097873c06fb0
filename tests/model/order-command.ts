import fc from 'fast-check';

import type { AccountUnderTest } from './account-under-test.ts';
import { type ModelCommand, pick } from './client-commands.ts';
import type { ModelOrder, ReferenceModel } from './reference-model.ts';

const wasSent = ({ life }: ModelOrder): boolean => life !== 'DENIED';

/** Mostly of the revision that works or is asked for; else of any, one that never was included. */
export const revisionOf = ({ revision, lastRevision }: ModelOrder, chance: number): number =>
  [revision, revision, lastRevision, lastRevision, 0, lastRevision + 1][chance % 6] ?? revision;

/** A command about one order that was sent; `act` gives what it did and the two answers. */
export abstract class OrderCommand implements ModelCommand {
  constructor(readonly index: number) {}
  check(model: Readonly<ReferenceModel>): boolean {
    return pick(model, this.index, wasSent) !== undefined;
  }
  run(model: ReferenceModel, account: AccountUnderTest): void {
    const order = pick(model, this.index, wasSent);
    if (order !== undefined) this.act(model, account, order);
  }
  abstract act(model: ReferenceModel, account: AccountUnderTest, order: ModelOrder): void;
  abstract toString(): string;
}

export const anyIndex = fc.nat(99);
export const anyChance = fc.nat(5);
