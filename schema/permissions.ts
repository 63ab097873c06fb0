import type { ApiScope } from '../core/identity/access.ts';
import { hasScope } from '../core/identity/principal.ts';
import type { RequestContext } from './context.ts';
import { apiError } from './errors/api-error.ts';
import { allow, deny, rule, shield } from './shield.ts';

/*
 * Who may do what, on one page. A second fence: services authorise again, and decide whose an id is.
 * A field that is not named here is denied.
 */

const may = (scope: ApiScope | null, name: string) =>
  rule(name, { cache: 'no_cache' })((_parent, _args, { principal }: RequestContext) => {
    if (principal === null) return apiError('UNAUTHENTICATED', 'Sign in, or send an API key.');
    if (scope === null || hasScope(principal, scope)) return true;
    return apiError('FORBIDDEN', `This needs the scope ${scope}.`);
  });

const anonymous = allow;
const known = may(null, 'known');
const read = may('READ', 'read');
const trade = may('TRADE', 'trade');
const strategies = may('STRATEGIES', 'strategies');
const backtests = may('BACKTESTS', 'backtests');
const admin = may('ADMIN', 'admin');

export const RULES = {
  Query: {
    '*': deny,
    health: anonymous,
    viewer: known,
    accounts: read,
    account: read,
    order: read,
    orderByClientOrderId: read,
    orders: read,
    fills: read,
    previewOrder: read,
    instrument: read,
    instruments: read,
    quote: read,
    bars: read,
    market: read,
    riskAlerts: read,
    plugins: read,
    strategies: read,
    strategy: read,
    backtest: read,
    backtests: read,
    sweep: read,
    sweeps: read,
    auditLog: admin,
    notificationChannels: admin,
    undeliveredNotifications: admin,
  },
  Mutation: {
    '*': deny,
    signUp: anonymous,
    verifyEmail: anonymous,
    signIn: anonymous,
    refreshSession: anonymous,
    signOut: known,
    createApiKey: known,
    revokeApiKey: known,
    openAccount: admin,
    setBrokerCredentials: admin,
    setRiskLimits: admin,
    setTradingState: trade,
    setGatewayTradingState: admin,
    resolveOrder: admin,
    resolveMismatch: admin,
    setMarketSpeed: admin,
    enablePlugin: admin,
    disablePlugin: admin,
    configurePlugin: admin,
    placeOrder: trade,
    placeOrders: trade,
    replaceOrder: trade,
    cancelOrder: trade,
    cancelAllOrders: trade,
    closePosition: trade,
    createNotificationChannel: admin,
    updateNotificationChannel: admin,
    deleteNotificationChannel: admin,
    testNotificationChannel: admin,
    startStrategy: strategies,
    stopStrategy: strategies,
    runBacktest: backtests,
    cancelBacktest: backtests,
    runSweep: backtests,
    cancelSweep: backtests,
  },
  Subscription: {
    '*': deny,
    orderEvents: read,
    accountUpdates: read,
    quotes: read,
    bars: read,
    riskAlerts: read,
    strategyEvents: read,
    backtestProgress: read,
    sweepProgress: read,
  },
};

/** Root fields only: on every field of a list it was seen to cost several times the list. */
export const permissions = shield(RULES, {
  fallbackRule: allow,
  fallbackError: apiError('FORBIDDEN', 'Nobody may do this.'),
  // What resolvers throw goes on to the presenter, which knows what may be shown.
  allowExternalErrors: true,
});
