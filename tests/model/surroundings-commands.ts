import { parseDecimal } from '@omniquant/plugin-sdk/decimal';
import fc from 'fast-check';

import type { AccountUnderTest } from './account-under-test.ts';
import { expectAgreement } from './agreement.ts';
import type { ModelCommand } from './client-commands.ts';
import type { ReferenceModel } from './reference-model.ts';

/** What goes on around an account: time and days, the connection, transfers, operators, restarts. */

const DAY_MS = 86_400_000;

/** Market and wall time go on, far enough for done orders to leave memory; quotes stay fresh. */
class Pass implements ModelCommand {
  constructor(readonly ms: number) {}
  check = (): boolean => true;
  run(model: ReferenceModel, account: AccountUnderTest): void {
    const { ms } = this;
    model.now += ms;
    model.tick();
    const answer = account.perform(({ engine }) => {
      engine.now += ms;
      engine.wall += ms;
      for (const quote of [...engine.quotes.values()]) {
        engine.quotes.set(quote.symbol, { ...quote, at: engine.now, receivedAt: engine.wall });
      }
      return engine.execute({ kind: 'clockTicked' });
    });
    expectAgreement(model, account, { did: this.toString(), model: 'done', engine: answer });
  }
  toString = (): string => `pass ${this.ms} ms`;
}

class Connect implements ModelCommand {
  constructor(readonly isReady: boolean) {}
  check = (): boolean => true;
  run(model: ReferenceModel, account: AccountUnderTest): void {
    const { isReady } = this;
    model.isReady = isReady;
    const answer = account.perform(({ engine }) => {
      engine.ready = isReady;
      return null;
    });
    expectAgreement(model, account, { did: this.toString(), model: 'done', engine: answer });
  }
  toString = (): string => (this.isReady ? 'connected' : 'disconnected');
}

/** Money comes or goes without a trade, told as often as the venue likes. */
class Transfer implements ModelCommand {
  constructor(
    readonly reference: string,
    readonly amount: string,
  ) {}
  check = (): boolean => true;
  run(model: ReferenceModel, account: AccountUnderTest): void {
    const { reference, amount } = this;
    model.transfer(reference, parseDecimal(amount));
    const about = { account: 'A1', at: model.now, currency: 'USD', reason: 'r' };
    const answer = account.run({
      kind: 'brokerEvent',
      event: { kind: 'transfer', ...about, reference, amount },
    });
    expectAgreement(model, account, { did: this.toString(), model: 'done', engine: answer });
  }
  toString = (): string => `transfer ${this.reference} of ${this.amount}`;
}

/** An operator lets entries in again. */
class Unblock implements ModelCommand {
  check = (): boolean => true;
  run(model: ReferenceModel, account: AccountUnderTest): void {
    model.blocked.clear();
    const answer = account.run({ kind: 'resolveMismatch', symbol: null, reason: 'r' });
    expectAgreement(model, account, { did: this.toString(), model: 'done', engine: answer });
  }
  toString = (): string => 'unblock';
}

/** The process ends and another one goes on from the snapshot: nobody may notice. */
class Restart implements ModelCommand {
  check = (): boolean => true;
  run(model: ReferenceModel, account: AccountUnderTest): void {
    const answer = account.perform((restarted) => {
      restarted.restart();
      return null;
    });
    expectAgreement(model, account, { did: this.toString(), model: 'done', engine: answer });
  }
  toString = (): string => 'restart';
}

export const passing = fc.constantFrom(1, 700, 20_000, 45_000, DAY_MS).map((ms) => new Pass(ms));
export const connecting = fc
  .constantFrom(true, true, true, true, true, false)
  .map((isReady) => new Connect(isReady));
export const transferring = fc
  .tuple(fc.constantFrom('t1', 't2', 't3'), fc.constantFrom('250', '-120.5', '0.01'))
  .map(([reference, amount]) => new Transfer(reference, amount));
export const unblocking = fc.constant(null).map(() => new Unblock());
export const restarting = fc.constant(null).map(() => new Restart());
