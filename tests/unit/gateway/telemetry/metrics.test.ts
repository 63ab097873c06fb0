import { describe, expect, it } from '@jest/globals';

import { createMetrics } from '../../../../gateway/telemetry/metrics.ts';

const definitions = {
  orders_total: { help: 'Orders placed', labels: ['result'] },
  commit_seconds: { help: 'Time of a commit' },
  mailbox_depth: { help: 'Commands waiting' },
};

describe('metrics', () => {
  it('come out in OpenMetrics with exemplars', async () => {
    const metrics = createMetrics(definitions);
    metrics.count('orders_total', { result: 'placed' });
    metrics.count('orders_total', { result: 'placed' }, 2);
    metrics.observe('commit_seconds', 0.002, {}, '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01');
    metrics.gauge('mailbox_depth', 7);
    const text = await metrics.registry.metrics();
    expect(text).toMatch(/omniquant_orders_total\{result="placed"\} 3/);
    expect(text).toMatch(/omniquant_mailbox_depth 7/);
    expect(text).toMatch(
      /omniquant_commit_seconds_bucket\{le="0.0025"\} 1 # \{traceId="0af7651916cd43dd8448eb211c80319c"\}/,
    );
    expect(text.trimEnd()).toMatch(/# EOF$/);
  });

  it('refuse a name that nobody described', () => {
    expect(() => {
      createMetrics(definitions).count('unheard_of');
    }).toThrow(/unheard_of/);
  });
});
