import { OpenAccountInput } from '../../schema/account/account.input.ts';
import type { Cradle } from '../container.ts';
import type { Api } from '../open-api.ts';
import type { DemoNote } from './demo-note.ts';
import { ensureDemo } from './ensure-demo.ts';

const STARTING_CASH = '100000';
const ORIGIN = '127.0.0.1';

/** The demo user and account, made through the same services as anybody's. */
export function startDemo(cradle: Cradle, api: Api, signal: AbortSignal): Promise<DemoNote> {
  return ensureDemo({
    dataDir: cradle.config.DATA_DIR,
    identity: api.identity,
    signal,
    async openAccount(credentials) {
      const session = await api.identity.signIn(credentials, { remoteAddress: ORIGIN, signal });
      const context = api.contexts({
        principal: {
          kind: 'user',
          userId: session.user.id,
          keyId: null,
          workspaceId: session.workspace.id,
          role: 'ADMIN',
          scopes: ['READ', 'TRADE', 'STRATEGIES', 'BACKTESTS', 'ADMIN'],
          sessionId: null,
          authzVersion: session.user.authzVersion,
          expiresAt: null,
        },
        remoteAddress: ORIGIN,
        correlationId: cradle.ids.next(),
        traceparent: null,
        signal,
      });
      try {
        const input = Object.assign(new OpenAccountInput(), {
          name: 'Demo',
          broker: 'simulated',
          environment: 'PAPER',
          baseCurrency: 'USD',
          startingCash: STARTING_CASH,
        });
        const { account } = await api.services.accounts.open(context, input);
        return account.accountId;
      } finally {
        await context.close();
      }
    },
  });
}
