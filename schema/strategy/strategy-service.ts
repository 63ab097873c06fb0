import type { StrategyRow } from '../../core/ports/read-model.ts';
import type { RequestContext } from '../context.ts';
import type { StartStrategyInput } from './strategy.input.ts';

export type StartStrategyRequest = Readonly<Pick<StartStrategyInput, keyof StartStrategyInput>>;

/**
 * Strategies on accounts of the caller's workspace. Every method authorises its caller; a strategy or
 * account of another workspace is null, else NOT_FOUND, as one that does not exist.
 */
export interface StrategyService {
  /** Those that run, then those that have ended; newest first. */
  all(context: RequestContext, accountId: string): Promise<readonly StrategyRow[]>;
  find(context: RequestContext, id: string): Promise<StrategyRow | null>;
  /** Durable when it resolves. Throws BAD_USER_INPUT, naming the field. */
  start(context: RequestContext, input: StartStrategyRequest): Promise<StrategyRow>;
  /** Of one that is stopping or has ended it changes nothing. */
  stop(context: RequestContext, id: string, cancelOpenOrders: boolean): Promise<StrategyRow>;
}
