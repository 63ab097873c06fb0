import { EngineFixture, LIMIT } from '../../../support/engine-fixture.ts';

/** Bids for ten at 99. */
export const resting = (): EngineFixture => {
  const engine = new EngineFixture();
  engine.working(LIMIT('AAPL', 'BUY', '10', '99'), { orderId: 'o' });
  return engine;
};

/** What buying AAPL may still cost. */
export const buying = (engine: EngineFixture) => engine.state.exposure.get('AAPL')?.buyNotional ?? 0n;

/** Asks for another revision of the order. */
export const replace = (engine: EngineFixture, requestId: string, change: object) =>
  engine.run({ kind: 'replaceOrder', orderId: 'o', requestId, ...change });
