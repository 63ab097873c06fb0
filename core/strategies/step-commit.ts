import type { ClientCommand } from '../engine/command.ts';
import { CommandError } from '../engine/decision.ts';
import type { Clock } from '../ports/clock.ts';
import type { Failpoints } from '../ports/failpoints.ts';
import { HostedStrategyError } from '../ports/strategy-host.ts';
import type { AccountActor } from '../runtime/account-actor.ts';
import type { CommandReply } from '../runtime/command-reply.ts';
import { pause } from '../runtime/deadline.ts';
import type { StrategyState } from './strategy-state.ts';

/** The account, or the strategy on it, is no longer this process's. */
export class StrategyGone extends Error {
  constructor() {
    super('the account is no longer here');
    this.name = 'StrategyGone';
  }
}

export interface StepCommitOptions {
  readonly actor: AccountActor;
  readonly strategyId: string;
  readonly clock: Clock;
  readonly failpoints: Failpoints;
  readonly signal: AbortSignal;
}

const DEADLINE_MS = 10_000;
const LOOK_MS = 50;
const LONGEST_PAUSE_MS = 2_000;
/** Refused so often without a fault of the store in between, it will be refused for ever. */
const MOST_REFUSALS = 20;

/**
 * Brings commands of a strategy into the journal: tries again until they are there, or until it is known
 * that they were. A step counts once by its number, whatever became of earlier tries.
 */
export class StepCommit {
  private readonly options: StepCommitOptions;

  constructor(options: StepCommitOptions) {
    this.options = options;
  }

  /** The strategy as the account has it. Throws StrategyGone. */
  async current(): Promise<StrategyState> {
    const { actor, clock, signal, strategyId } = this.options;
    for (;;) {
      if (signal.aborted || actor.phase === 'closed') throw new StrategyGone();
      const strategy = actor.state?.strategies.get(strategyId);
      if (strategy !== undefined) return strategy;
      if (actor.state !== null) throw new StrategyGone();
      await pause(clock, LOOK_MS, signal);
    }
  }

  /** Null when a try of which nothing was heard had been committed. */
  async commit(commands: readonly ClientCommand[]): Promise<readonly CommandReply[] | null> {
    const { clock, failpoints, signal } = this.options;
    for (let refusals = 0; ;) {
      try {
        failpoints.hit('strategy.before-step');
        const replies = await this.submit(commands);
        failpoints.hit('strategy.after-step');
        return replies;
      } catch (error) {
        if (await this.isCommitted(commands)) return null;
        refusals += 1;
        if (error instanceof CommandError || refusals >= MOST_REFUSALS) {
          const why = error instanceof Error ? error.message : String(error);
          throw new HostedStrategyError('STRATEGY_NOT_COMMITTED', `a step was not taken: ${why}`, {
            cause: error,
          });
        }
        await pause(clock, Math.min(LOOK_MS * 2 ** refusals, LONGEST_PAUSE_MS), signal);
      }
    }
  }

  private submit(commands: readonly ClientCommand[]): Promise<readonly CommandReply[]> {
    const { actor, clock, strategyId } = this.options;
    return actor.submit(commands, {
      actor: `strategy:${strategyId}`,
      correlationId: `strategy:${strategyId}`,
      traceparent: null,
      deadline: clock.now() + DEADLINE_MS,
    });
  }

  private async isCommitted(commands: readonly ClientCommand[]): Promise<boolean> {
    const strategy = await this.current();
    const [first] = commands;
    return first?.kind === 'stepStrategy' && strategy.step >= first.step;
  }
}
