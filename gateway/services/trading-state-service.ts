import { actorOf, type Principal, requireScope } from '../../core/identity/principal.ts';
import type { Bus } from '../../core/ports/bus.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { GatewayStateWriter } from '../../core/ports/gateway-state.ts';
import { apiError } from '../../schema/errors/api-error.ts';
import type { TradingStateService } from '../../schema/trading-state/trading-state-service.ts';
import { requireReason } from './text-arguments.ts';

export interface TradingStateServiceOptions {
  readonly writer: GatewayStateWriter;
  readonly bus: Pick<Bus, 'publish'>;
  readonly clock: Pick<Clock, 'now'>;
  /**
   * Whether a workspace is one of those that run this gateway. Whoever signs up is ADMIN of a workspace
   * of their own, and must not stop everybody else's trading.
   */
  readonly isOperator: (principal: Principal, signal: AbortSignal) => Promise<boolean>;
}

export function createTradingStateService(options: TradingStateServiceOptions): TradingStateService {
  const { writer, bus, clock, isOperator } = options;
  return {
    async setGateway(context, { state, cancelOpenOrders, reason }) {
      const principal = requireScope(context.principal, 'ADMIN');
      if (!(await isOperator(principal, context.signal))) {
        throw apiError('FORBIDDEN', 'This is for the workspace that runs the gateway.');
      }
      requireReason(reason);
      const { workspaceId } = principal;
      const change = {
        state,
        cancelOpenOrders,
        reason,
        actor: actorOf(principal),
        workspaceId,
        at: clock.now(),
      };
      const written = await writer.write(change, context.signal);
      bus.publish('gatewayState', { version: written.version });
      return written.state;
    },
  };
}
