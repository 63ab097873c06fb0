import type { JournaledEvent } from '../engine/account-event.ts';
import { isStrategyEvent } from '../engine/strategy-events.ts';
import type { Clock, Ids } from '../ports/clock.ts';
import type { Failpoints } from '../ports/failpoints.ts';
import { HostedStrategyError, type StrategyHost } from '../ports/strategy-host.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import type { AccountActor } from '../runtime/account-actor.ts';
import { pause } from '../runtime/deadline.ts';
import type { MarketData } from '../runtime/market-data.ts';
import { DataAbsentError } from './absent-data.ts';
import { commandsWithoutPlugin, isAbsent, isReplaced, missingIn, untilPresent } from './absent-plugin.ts';
import type { Telling } from './effect-commands.ts';
import { StepCommit, StrategyGone } from './step-commit.ts';
import { StrategyRun } from './strategy-runner.ts';
import type { StrategySettings } from './strategy-settings.ts';
import { isRunning } from './strategy-state.ts';

export interface StrategySupervisorOptions {
  readonly host: StrategyHost;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly telemetry: Telemetry;
  readonly failpoints: Failpoints;
  readonly settings: StrategySettings;
  readonly marketFor: (actor: AccountActor) => MarketData;
  readonly journal: (
    accountId: string,
    afterSeq: number,
    signal: AbortSignal,
  ) => AsyncIterable<readonly JournaledEvent[]>;
  readonly tell: (actor: AccountActor, strategyId: string, telling: Telling) => void;
}

/**
 * Keeps the strategies of this process's accounts running: starts those that the journal says run, begins
 * again with those that fail, and lets go of those whose account goes elsewhere.
 */
export interface StrategySupervisor {
  /** The account is in memory and ours, for the first time or again. */
  opened(actor: AccountActor): void;
  committed(actor: AccountActor, events: readonly JournaledEvent[]): void;
  /** The account is no longer ours. */
  closed(actor: AccountActor): void;
  /** Waits until everything of these accounts has come to its end. */
  release(actors: readonly AccountActor[]): Promise<void>;
  readonly running: number;
  /** Those that run have been given all that there is; those that wait to begin again do not count. */
  readonly isIdle: boolean;
}

interface Life {
  readonly actor: AccountActor;
  readonly end: AbortController;
  /** Ends a pause before its time. */
  wake: AbortController;
  run: StrategyRun | null;
  ended: Promise<void>;
}

export function createStrategySupervisor(options: StrategySupervisorOptions): StrategySupervisor {
  const { clock, settings, telemetry } = options;
  const lives = new Map<string, Life>();

  function begin(actor: AccountActor, strategyId: string): void {
    if (lives.has(strategyId)) return;
    const life: Life = {
      actor,
      end: new AbortController(),
      wake: new AbortController(),
      run: null,
      ended: Promise.resolve(),
    };
    lives.set(strategyId, life);
    life.ended = supervise(life, strategyId)
      .catch((error: unknown) => {
        if (!(error instanceof StrategyGone)) {
          telemetry.log('error', 'a strategy is not looked after any more', { strategy: strategyId, error });
        }
      })
      .finally(() => {
        if (lives.get(strategyId) === life) lives.delete(strategyId);
        measure();
      });
    measure();
  }

  async function supervise(life: Life, strategyId: string): Promise<void> {
    const { signal } = life.end;
    const commits = new StepCommit({ ...options, actor: life.actor, strategyId, signal });
    const failures: number[] = [];
    const waits: number[] = [];
    for (;;) {
      const run = new StrategyRun({
        ...options,
        actor: life.actor,
        strategyId,
        signal,
        market: options.marketFor(life.actor),
        journal: (afterSeq) => options.journal(life.actor.entry.accountId, afterSeq, signal),
        tell: (telling) => {
          options.tell(life.actor, strategyId, telling);
        },
      });
      life.run = run;
      try {
        await run.live();
        return;
      } catch (error) {
        life.run = null;
        if (error instanceof StrategyGone || signal.aborted) return;
        if (isReplaced(error)) {
          tellReplaced(life.actor, strategyId);
          continue;
        }
        life.wake = new AbortController();
        const pauseMs = isAbsent(error)
          ? await findAbsent(life, strategyId, error, commits)
          : error instanceof DataAbsentError
            ? await awaitData(life, strategyId, error, waits, commits)
            : await fail(life, strategyId, error, failures, commits);
        if (pauseMs === null) return;
        await rest(life, error, pauseMs);
      }
    }
  }

  async function rest({ end, wake }: Life, cause: unknown, ms: number): Promise<void> {
    const either = AbortSignal.any([end.signal, wake.signal]);
    if (isAbsent(cause)) {
      await untilPresent(options.host, missingIn(cause), clock, ms, either);
    } else {
      await pause(clock, ms, cause instanceof DataAbsentError ? either : end.signal);
    }
  }

  function tellReplaced(actor: AccountActor, strategyId: string): void {
    const message = 'its plugin, or one that it uses, was replaced: it goes on with the new one';
    telemetry.log('info', 'a strategy goes on with another version or other settings of its plugin', {
      account: actor.entry.accountId,
      strategy: strategyId,
    });
    options.tell(actor, strategyId, { type: 'log', level: 'INFO', message, data: null });
  }

  /** How long to wait for its plugin at most; null when the strategy has ended. */
  async function findAbsent(
    { actor }: Life,
    strategyId: string,
    cause: unknown,
    commits: StepCommit,
  ): Promise<number | null> {
    const error = describe(cause);
    const strategy = await commits.current();
    if (!strategy.position.started) {
      await commits.commit([{ kind: 'endStrategy', strategyId, status: 'FAILED', error }]);
      return null;
    }
    if (strategy.status === 'STOPPING') {
      await commits.commit(commandsWithoutPlugin(actor, strategy, options.ids));
      return null;
    }
    if (strategy.error !== error) {
      telemetry.log('warn', 'a strategy waits for a plugin', { strategy: strategyId, error: cause });
      options.tell(actor, strategyId, { type: 'log', level: 'ERROR', message: error, data: null });
      await commits.commit([{ kind: 'restartStrategy', strategyId, error }]);
    }
    return settings.longestPauseMs;
  }

  /** How long to wait before the data are asked for again, said once an outage; null when the strategy has ended. */
  async function awaitData(
    { actor }: Life,
    strategyId: string,
    cause: DataAbsentError,
    waits: number[],
    commits: StepCommit,
  ): Promise<number | null> {
    const error = cause.message;
    const recent = countRecent(waits);
    const strategy = await commits.current();
    if (strategy.status === 'STOPPING') {
      await commits.commit(commandsWithoutPlugin(actor, strategy, options.ids));
      return null;
    }
    if (recent === 1 || strategy.error !== error) {
      telemetry.log('warn', 'a strategy waits for market data', { strategy: strategyId, error: cause });
      options.tell(actor, strategyId, { type: 'log', level: 'ERROR', message: error, data: null });
      await commits.commit([{ kind: 'restartStrategy', strategyId, error }]);
    }
    return pauseAfter(recent);
  }

  /** How many there were lately, with one that is now. */
  function countRecent(times: number[]): number {
    const now = clock.monotonic();
    const recent = times.filter((at) => now - at <= settings.restartsWithinMs);
    times.splice(0, times.length, ...recent, now);
    return times.length;
  }

  const pauseAfter = (recent: number): number =>
    Math.min(settings.firstPauseMs * 2 ** (recent - 1), settings.longestPauseMs);

  /** How long to wait before it begins again; null when it does not. */
  async function fail(
    { actor }: Life,
    strategyId: string,
    cause: unknown,
    failures: number[],
    commits: StepCommit,
  ): Promise<number | null> {
    const error = describe(cause);
    const recent = countRecent(failures);
    const strategy = await commits.current();
    const isHopeless = cause instanceof HostedStrategyError && cause.isHopeless;
    const isOver = isHopeless || recent > settings.mostRestarts || strategy.status === 'STOPPING';
    telemetry.count('strategy_failures_total', { code: codeOf(cause) });
    telemetry.log('warn', isOver ? 'a strategy has failed' : 'a strategy failed and begins again', {
      account: actor.entry.accountId,
      strategy: strategyId,
      error: cause,
    });
    options.tell(actor, strategyId, { type: 'log', level: 'ERROR', message: error, data: null });
    if (isOver) {
      await commits.commit([{ kind: 'endStrategy', strategyId, status: 'FAILED', error }]);
      return null;
    }
    await commits.commit([{ kind: 'restartStrategy', strategyId, error }]);
    return pauseAfter(recent);
  }

  function measure(): void {
    telemetry.gauge('strategies_running', lives.size);
  }

  const livesOf = (actors: readonly AccountActor[]): Life[] =>
    [...lives.values()].filter(({ actor }) => actors.includes(actor));

  return {
    opened(actor) {
      for (const strategy of actor.state?.strategies.values() ?? []) {
        if (isRunning(strategy)) begin(actor, strategy.terms.strategyId);
      }
      for (const life of livesOf([actor])) life.run?.reopened();
    },
    committed(actor, events) {
      for (const { event } of events) {
        if (isStrategyEvent(event) && event.type === 'STRATEGY_STARTED') begin(actor, event.strategyId);
      }
      for (const life of livesOf([actor])) {
        life.run?.committed(events);
        if (events.some(({ event }) => event.type === 'STRATEGY_STOPPING')) life.wake.abort();
      }
    },
    closed(actor) {
      for (const life of livesOf([actor])) {
        life.end.abort('the account is no longer here');
        life.run?.nudge();
      }
    },
    async release(actors) {
      const leaving = livesOf(actors);
      for (const life of leaving) {
        life.end.abort('the account is given away');
        life.run?.nudge();
      }
      await Promise.all(leaving.map(({ ended }) => ended));
    },
    get running() {
      return lives.size;
    },
    get isIdle() {
      return [...lives.values()].every(({ run }) => run?.isIdle ?? true);
    },
  };
}

const codeOf = (cause: unknown): string =>
  typeof cause === 'object' && cause !== null && 'code' in cause && typeof cause.code === 'string'
    ? cause.code
    : 'OTHER';

const describe = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));
