import type { TradingState } from '../../core/engine/account-event.ts';
import type { TradingStateRequest } from '../account/account-service.ts';
import type { RequestContext } from '../context.ts';

/** The kill switch for everything that the gateway trades. */
export interface TradingStateService {
  /** ADMIN. Durable when it resolves; owners of accounts follow. */
  setGateway(context: RequestContext, request: TradingStateRequest): Promise<TradingState>;
}
