import { expect, it } from '@jest/globals';

import { type Condition, createConditionWatch } from '../../../../core/notifications/condition-watch.ts';

const lost: Condition = {
  key: 'broker:x/default',
  raised: 'BROKER_CONNECTION_LOST',
  cleared: 'BROKER_CONNECTION_REGAINED',
  severity: 'CRITICAL',
  subject: 'x',
  message: 'the socket was closed (3 accounts)',
  scope: { kind: 'connection', broker: 'x', connection: 'default' },
  graceMs: 60_000,
};

it('tells of what has lasted, once, and of its end', () => {
  const watch = createConditionWatch('gateway-1');
  expect(watch(0, [lost])).toEqual([]);
  expect(watch(59_999, [lost])).toEqual([]);
  expect(watch(60_000, [lost])).toMatchObject([
    {
      scope: lost.scope,
      notification: {
        id: 'gateway-1:broker:x/default:0:BROKER_CONNECTION_LOST',
        code: 'BROKER_CONNECTION_LOST',
        severity: 'CRITICAL',
        title: 'The connection to a broker is lost: x',
        accountId: null,
      },
    },
  ]);
  expect(watch(120_000, [lost])).toEqual([]);
  expect(watch(180_000, [])).toMatchObject([
    { notification: { code: 'BROKER_CONNECTION_REGAINED', severity: 'INFO' } },
  ]);
  expect(watch(240_000, [])).toEqual([]);
});

it('says nothing of what mends itself in time, and begins to count anew', () => {
  const watch = createConditionWatch('gateway-1');
  expect(watch(0, [lost])).toEqual([]);
  expect(watch(30_000, [])).toEqual([]);
  expect(watch(50_000, [lost])).toEqual([]);
  expect(watch(100_000, [lost])).toEqual([]);
  expect(watch(110_000, [lost])).toHaveLength(1);
});
