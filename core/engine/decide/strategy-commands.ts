import type { StrategyPosition, StrategyTerms } from '../../strategies/strategy-event.ts';
import { isRunning, type StrategyState } from '../../strategies/strategy-state.ts';
import type { AccountState } from '../account-state.ts';
import { CommandError, type Decision } from '../decision.ts';
import { alert } from './alert.ts';

/** More of them on one account would be a mistake. */
export const MOST_RUNNING = 50;

/** A larger one would weigh on every step's commit. Characters of JSON. */
export const LARGEST_SAVED = 262_144;

const DONE = { kind: 'done' } as const;

const find = (state: AccountState, strategyId: string): StrategyState => {
  const strategy = state.strategies.get(strategyId);
  if (strategy === undefined) {
    throw new CommandError('NOT_FOUND', `there is no strategy ${strategyId}`, 'id');
  }
  return strategy;
};

/** Safe to repeat: a strategy of this id that is there already is the answer. */
export const decideStartStrategy = (state: AccountState, terms: StrategyTerms): Decision => {
  if (state.strategies.has(terms.strategyId)) return { events: [], result: DONE };
  const running = [...state.strategies.values()].filter(isRunning).length;
  if (running >= MOST_RUNNING) {
    throw new CommandError(
      'BAD_USER_INPUT',
      `the account runs ${String(running)} strategies, which is the most: stop one of them`,
      'accountId',
    );
  }
  return { events: [{ type: 'STRATEGY_STARTED', ...terms }], result: DONE };
};

export interface StepStrategy {
  readonly strategyId: string;
  readonly step: number;
  readonly position: StrategyPosition;
  readonly saved: string;
  readonly refs: readonly (readonly [orderId: string, ref: string])[];
}

/** Only the step after the last one counts: one that was committed already, or is of a former life, does not. */
export const decideStepStrategy = (state: AccountState, command: StepStrategy): Decision => {
  const { strategyId, step, position, saved, refs } = command;
  const strategy = find(state, strategyId);
  if (!isRunning(strategy) || step !== strategy.step + 1) {
    throw new CommandError(
      'BAD_USER_INPUT',
      `step ${String(step)} is not the next one of strategy ${strategyId}, which is ${strategy.status} at ${String(strategy.step)}`,
    );
  }
  if (saved.length > LARGEST_SAVED) {
    throw new CommandError('BAD_USER_INPUT', `the snapshot has ${String(saved.length)} characters`);
  }
  return { events: [{ type: 'STRATEGY_STEPPED', strategyId, step, position, saved, refs }], result: DONE };
};

export const decideStopStrategy = (
  state: AccountState,
  { strategyId, cancelOpenOrders }: { readonly strategyId: string; readonly cancelOpenOrders: boolean },
): Decision => {
  const strategy = find(state, strategyId);
  if (strategy.status !== 'RUNNING') return { events: [], result: DONE };
  return { events: [{ type: 'STRATEGY_STOPPING', strategyId, cancelOpenOrders }], result: DONE };
};

export const decideRestartStrategy = (
  state: AccountState,
  { strategyId, error }: { readonly strategyId: string; readonly error: string },
): Decision => {
  const strategy = find(state, strategyId);
  if (!isRunning(strategy)) return { events: [], result: DONE };
  const { strategy: name } = strategy.terms;
  return {
    events: [
      { type: 'STRATEGY_RESTARTED', strategyId, error },
      alert('STRATEGY_RESTARTED', 'WARNING', `strategy ${name} failed and begins again: ${error}`, null, {
        strategyId,
      }),
    ],
    result: DONE,
  };
};

export const decideEndStrategy = (
  state: AccountState,
  command: {
    readonly strategyId: string;
    readonly status: 'STOPPED' | 'FAILED';
    readonly error: string | null;
  },
): Decision => {
  const { strategyId, status, error } = command;
  const strategy = find(state, strategyId);
  if (!isRunning(strategy)) return { events: [], result: DONE };
  const ended = { type: 'STRATEGY_ENDED', strategyId, status, error } as const;
  const { strategy: name } = strategy.terms;
  if (status === 'STOPPED') {
    const told = alert('STRATEGY_STOPPED', 'INFO', `strategy ${name} was stopped`, null, { strategyId });
    return { events: [ended, told], result: DONE };
  }
  const text = `strategy ${name} has failed and is stopped: ${error ?? 'no reason was given'}`;
  return { events: [ended, alert('STRATEGY_FAILED', 'CRITICAL', text, null, { strategyId })], result: DONE };
};
