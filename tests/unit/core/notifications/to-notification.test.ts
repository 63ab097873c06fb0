import { describe, expect, it } from '@jest/globals';

import type { AlertCode, DomainEvent, JournaledEvent } from '../../../../core/engine/account-event.ts';
import { ALERT_TEXTS, GATEWAY_TEXTS } from '../../../../core/notifications/alert-texts.ts';
import { isForChannel } from '../../../../core/notifications/channel-filter.ts';
import { toNotification } from '../../../../core/notifications/to-notification.ts';

const MARKET_TIME = Date.UTC(2016, 0, 4, 14, 30);

const journaled = (event: DomainEvent): JournaledEvent => ({
  ...{
    accountId: 'acc-1',
    seq: 7,
    at: MARKET_TIME,
    recordedAt: 5_000,
    correlationId: 'c',
    causationId: null,
  },
  ...{ traceparent: null, actor: 'gateway', schema: 3, event },
});

const alert = (code: string, message = 'lost 1020.50 of 1000'): DomainEvent => ({
  type: 'RISK_ALERT',
  code: code as AlertCode,
  severity: 'CRITICAL',
  message,
  orderId: 'order-1',
  details: { loss: '1020.50' },
});

const ACCOUNT = { workspaceId: 'w', name: 'Paper' };

describe('what people are told of an event', () => {
  it('says what happened, where, and what to do, under an id that stays the same', () => {
    expect(toNotification(journaled(alert('DAILY_LOSS')), ACCOUNT)).toEqual({
      id: 'acc-1:7',
      at: 5_000,
      severity: 'CRITICAL',
      code: 'DAILY_LOSS',
      title: 'Daily loss limit reached: Paper',
      message: `Lost 1020.50 of 1000. ${ALERT_TEXTS.DAILY_LOSS.advice}`,
      accountId: 'acc-1',
      orderId: 'order-1',
      details: {
        loss: '1020.50',
        account: 'Paper',
        workspaceId: 'w',
        marketTime: '2016-01-04T14:30:00.000Z',
      },
    });
  });

  it.each(Object.keys(ALERT_TEXTS))('has words for %s', (code) => {
    const told = toNotification(journaled(alert(code)), ACCOUNT);
    expect(told?.title).not.toContain(code);
    expect(told?.message.length).toBeGreaterThan('Lost 1020.50 of 1000.'.length);
  });

  it('has words for alerts of another release, and an account without a name', () => {
    const told = toNotification(journaled(alert('NEWER_THAN_THIS')), { workspaceId: 'w', name: null });
    expect(told).toMatchObject({ code: 'NEWER_THAN_THIS', title: 'NEWER_THAN_THIS: acc-1' });
  });

  it('does not end a sentence twice', () => {
    const told = toNotification(journaled(alert('TRADING_STATE', 'trading is HALTED: enough!')), ACCOUNT);
    expect(told?.message).toMatch(/^Trading is HALTED: enough! Nothing/);
  });

  it('says nothing of what is no alert', () => {
    expect(toNotification(journaled({ type: 'FILLS_SYNCED', cursor: '1' }), ACCOUNT)).toBeNull();
  });

  it('names a code once, whoever says it', () => {
    expect(Object.keys(GATEWAY_TEXTS).filter((code) => code in ALERT_TEXTS)).toEqual([]);
  });
});

describe('whether a channel is told', () => {
  const channel = {
    workspaceId: 'w',
    minimumSeverity: 'WARNING',
    codes: null,
    accountIds: null,
    everyWorkspace: false,
    createdAt: 5_000,
  } as const;
  const told = toNotification(journaled(alert('DAILY_LOSS')), ACCOUNT)!;
  const ofGateway = { ...told, accountId: null };

  it.each([
    [true, 'its own', channel, 'w', told],
    [false, 'of another workspace', channel, 'other', told],
    [true, 'of another, to the operator', { ...channel, everyWorkspace: true }, 'other', told],
    [false, 'of the gateway', channel, null, ofGateway],
    [true, 'of the gateway, to the operator', { ...channel, everyWorkspace: true }, null, ofGateway],
    [false, 'less severe', channel, 'w', { ...told, severity: 'INFO' as const }],
    [false, 'before its time', channel, 'w', { ...told, at: 4_999 }],
    [true, 'a code of its list', { ...channel, codes: ['DAILY_LOSS'] }, 'w', told],
    [false, 'another code', { ...channel, codes: ['DRAWDOWN'] }, 'w', told],
    [true, 'an account of its list', { ...channel, accountIds: ['acc-1'] }, 'w', told],
    [false, 'another account', { ...channel, accountIds: ['acc-2'] }, 'w', told],
    [false, 'of no account, with a list', { ...channel, accountIds: ['acc-1'] }, 'w', ofGateway],
  ])('%s: %s', (expected, _name, filter, workspaceId, notification) => {
    expect(isForChannel(filter, workspaceId, notification)).toBe(expected);
  });
});
