import type { Fixed } from '@omniquant/plugin-sdk/decimal';

import type { TradingState } from '../../core/engine/account-event.ts';
import type { Pricing } from '../../core/portfolio/pricing.ts';
import type { AccountView } from '../../core/ports/order-reader.ts';
import type { RiskLimits } from '../../core/risk/limits.ts';
import type { RequestContext } from '../context.ts';
import type { OpenAccountInput } from './account.input.ts';

export type OpenAccountRequest = Readonly<Pick<OpenAccountInput, keyof OpenAccountInput>>;

/** What an account is valued by now. */
export interface AccountPrices {
  readonly pricing: Pricing;
  /** Market value that one unit of equity may carry at the account's broker; null while that is not known. */
  readonly buyingPowerMultiplier: Fixed | null;
}

export interface TradingStateRequest {
  readonly state: TradingState;
  readonly cancelOpenOrders: boolean;
  readonly reason: string;
}

/**
 * Accounts of the caller's workspace. Every method authorises its caller; an account of another
 * workspace is null, else NOT_FOUND, as one that does not exist. What changes an account answers with
 * it as it stands afterwards.
 */
export interface AccountService {
  all(context: RequestContext): Promise<readonly AccountView[]>;
  find(context: RequestContext, id: string): Promise<AccountView | null>;
  /** Throws BAD_USER_INPUT, naming the field, for a broker, config or secrets that cannot be. */
  open(context: RequestContext, input: OpenAccountRequest): Promise<AccountView>;
  setBrokerCredentials(
    context: RequestContext,
    id: string,
    secrets: Readonly<Record<string, unknown>>,
  ): Promise<AccountView>;
  /** Limits that are left out stay; null lifts one. */
  setRiskLimits(context: RequestContext, id: string, limits: Partial<RiskLimits>): Promise<AccountView>;
  setTradingState(context: RequestContext, id: string, request: TradingStateRequest): Promise<AccountView>;
  resolveMismatch(
    context: RequestContext,
    id: string,
    symbol: string | null,
    reason: string,
  ): Promise<AccountView>;
  prices(view: AccountView): AccountPrices;
}
