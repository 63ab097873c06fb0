import { parseDecimal } from '@omniquant/plugin-sdk/decimal';

import type { ClientCommand } from '../../core/engine/command.ts';
import { requireScope } from '../../core/identity/principal.ts';
import { createPricing, type PriceView } from '../../core/portfolio/pricing.ts';
import type { BrokerCatalog } from '../../core/ports/broker-catalog.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { AccountView } from '../../core/ports/order-reader.ts';
import type { AccountService } from '../../schema/account/account-service.ts';
import type { RequestContext } from '../../schema/context.ts';
import type { AccountAccess } from './account-access.ts';
import type { AccountOpening } from './account-opening.ts';
import type { CommandSender } from './command-sender.ts';
import { requireReason } from './text-arguments.ts';

export interface AccountServiceOptions {
  readonly access: AccountAccess;
  readonly opening: AccountOpening;
  readonly sender: CommandSender;
  readonly brokers: Pick<BrokerCatalog, 'capabilities'>;
  /** Quotes and sessions as decisions see them. */
  readonly prices: PriceView;
  readonly quoteStaleAfterMs: number;
  readonly clock: Pick<Clock, 'now'>;
}

export function createAccountService(options: AccountServiceOptions): AccountService {
  const { access, opening, sender, brokers, prices, quoteStaleAfterMs, clock } = options;

  const shown = async (context: RequestContext, id: string): Promise<AccountView> => {
    const [view] = await context.reader.accountsByIds([id]);
    if (view === undefined) throw new Error(`account ${id} was changed and is not there`);
    await access.learn(context, [id]);
    return view;
  };

  const change = async (
    context: RequestContext,
    id: string,
    command: ClientCommand,
  ): Promise<AccountView> => {
    const { accountId } = await access.require(context, id, 'accountId');
    await sender.send(context, accountId, command);
    return shown(context, accountId);
  };

  return {
    async all(context) {
      requireScope(context.principal, 'READ');
      const views = await context.reader.accounts();
      await access.learn(
        context,
        views.map(({ account }) => account.accountId),
      );
      return views;
    },

    async find(context, id) {
      requireScope(context.principal, 'READ');
      if ((await access.find(context, id)) === null) return null;
      const [view] = await context.reader.accountsByIds([id]);
      return view ?? null;
    },

    async open(context, input) {
      requireScope(context.principal, 'ADMIN');
      return shown(context, await opening.open(context, input));
    },

    async setBrokerCredentials(context, id, secrets) {
      requireScope(context.principal, 'ADMIN');
      const entry = await access.require(context, id, 'accountId');
      await opening.setCredentials(context, entry, secrets);
      return shown(context, id);
    },

    async setRiskLimits(context, id, limits) {
      requireScope(context.principal, 'ADMIN');
      return change(context, id, { kind: 'setRiskLimits', limits });
    },

    async setTradingState(context, id, { state, cancelOpenOrders, reason }) {
      // Whoever trades may stop; letting trading go on again is for who answers for the limits.
      requireScope(context.principal, state === 'ACTIVE' ? 'ADMIN' : 'TRADE');
      requireReason(reason);
      const source = 'OPERATOR';
      return change(context, id, { kind: 'setTradingState', state, cancelOpenOrders, reason, source });
    },

    async resolveMismatch(context, id, symbol, reason) {
      requireScope(context.principal, 'ADMIN');
      requireReason(reason);
      return change(context, id, { kind: 'resolveMismatch', symbol, reason });
    },

    prices({ account }) {
      const entry = access.known(account.accountId);
      const capabilities = entry === null ? null : brokers.capabilities(entry);
      return {
        pricing: createPricing(prices, clock.now(), quoteStaleAfterMs),
        buyingPowerMultiplier:
          capabilities === null ? null : parseDecimal(capabilities.buyingPowerMultiplier),
      };
    },
  };
}
