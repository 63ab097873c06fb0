import { describe, expect, it } from '@jest/globals';

import { type ListedFill, unknownFills } from '../../../../core/runtime/unknown-fills.ts';
import { EngineFixture, LIMIT } from '../../../support/engine-fixture.ts';

const PREFIX = 'oq';

const noArchive = {
  prefetch: {
    request: () => {
      throw new Error('nothing has left memory');
    },
  },
  venueIdPrefix: PREFIX,
} as unknown as Parameters<typeof unknownFills>[2];

describe('a list of fills', () => {
  it('is news in what is not booked, whatever was told of it before', async () => {
    const engine = new EngineFixture();
    engine.working(LIMIT('AAPL', 'BUY', '10', '99'), { orderId: 'o' });
    engine.fill('o', 'booked', '2', '99');
    engine.message('o', { kind: 'feeCharged', executionId: 'fee-first', fee: '0.5', feeCurrency: 'USD' });
    engine.message('o', { kind: 'busted', executionId: 'bust-first' });
    const listed = (kind: string, executionId: string): ListedFill =>
      ({ kind, executionId, venueOrderId: `${PREFIX}-o-0`, brokerOrderId: 'V1', fee: '0.5' }) as ListedFill;
    const events = [
      listed('filled', 'booked'),
      listed('filled', 'fee-first'),
      listed('feeCharged', 'fee-first'),
      listed('filled', 'bust-first'),
      listed('busted', 'bust-first'),
      listed('filled', 'unheard-of'),
    ];
    const news = await unknownFills(events, engine.state, noArchive);
    expect(news.map(({ kind, executionId }) => `${kind} ${executionId}`)).toEqual([
      'filled fee-first',
      'filled bust-first',
      'filled unheard-of',
    ]);
  });
});
