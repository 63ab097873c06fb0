import { afterEach, describe, expect, it } from '@jest/globals';
import { pagerduty } from '@omniquant/notifier-pagerduty';
import fc from 'fast-check';

import { toEvent } from '../../../../plugins/notifier-pagerduty/src/event.ts';
import { closeReceivers, startReceiver } from '../../../support/plugins/http-receiver.ts';
import {
  anyNotification,
  anyText,
  DAILY_LOSS,
  notificationOf,
} from '../../../support/plugins/notifications.ts';
import {
  connectNotifier,
  connectUnchecked,
  failureOf,
} from '../../../support/plugins/notifier-connection.ts';
import { pagerdutyProblems } from '../../../support/plugins/pagerduty-event-rules.ts';

interface Event {
  readonly dedup_key: string;
  readonly payload: {
    readonly summary: string;
    readonly severity: string;
    readonly custom_details: {
      readonly message: string;
      readonly details: Record<string, unknown>;
      readonly details_left_out?: number;
    };
  };
}

const KEY = 'e93facc04764012d7bfb002500d5d1a6';
const { signal } = new AbortController();

afterEach(closeReceivers);

const eventOf = (changes: Partial<typeof DAILY_LOSS> = {}): Event =>
  JSON.parse(toEvent(notificationOf(changes), { routingKey: KEY, source: 'desk' })) as Event;

describe('a PagerDuty event', () => {
  it('arrives at the Events API with all that is known', async () => {
    const receiver = await startReceiver({ status: 202, body: '{"status":"success"}' });
    const { notifier } = await connectNotifier(pagerduty, {
      config: { baseUrl: `${receiver.origin}/proxied/`, source: 'desk-1' },
      secrets: { routingKey: ` ${KEY}\n` },
    });
    await notifier.notify(DAILY_LOSS, signal);
    await notifier.close();
    const { path, body } = receiver.requests[0]!;
    expect(path).toBe('/proxied/v2/enqueue');
    expect(pagerdutyProblems(body)).toEqual([]);
    expect(JSON.parse(body)).toEqual({
      routing_key: KEY,
      event_action: 'trigger',
      dedup_key: '["omniquant","DAILY_LOSS","acc-1"]',
      client: 'OmniQuant',
      payload: {
        summary: 'Daily loss limit reached',
        severity: 'critical',
        source: 'desk-1',
        timestamp: '2016-01-04T14:30:05.250Z',
        component: 'acc-1',
        class: 'DAILY_LOSS',
        custom_details: {
          message: DAILY_LOSS.message,
          notification_id: DAILY_LOSS.id,
          account_id: 'acc-1',
          order_id: null,
          details: DAILY_LOSS.details,
        },
      },
    });
  });

  it('goes to PagerDuty unless another base is set', async () => {
    const asked: URL[] = [];
    const { notifier } = await connectNotifier(pagerduty, {
      secrets: { routingKey: KEY },
      fetch: (input) => {
        asked.push(input as URL);
        return Promise.resolve(new Response('{"status":"success"}', { status: 202 }));
      },
    });
    await notifier.notify(DAILY_LOSS, signal);
    await notifier.close();
    expect(asked.map(({ href }) => href)).toEqual(['https://events.pagerduty.com/v2/enqueue']);
  });

  it('has the severities of PagerDuty', () => {
    const severities = (['INFO', 'WARNING', 'CRITICAL'] as const).map((severity) => eventOf({ severity }));
    expect(severities.map(({ payload }) => payload.severity)).toEqual(['info', 'warning', 'critical']);
  });

  it('is one alert for a code and an account', () => {
    const text = fc.oneof(anyText(400), fc.constantFrom('A', 'B', '"A"', 'A","B'));
    const cause = fc.record({ code: text, accountId: fc.option(text) });
    const parts = ({ code, accountId }: { code: string; accountId: string | null }) =>
      JSON.stringify([code, accountId]);
    fc.assert(
      fc.property(cause, cause, (one, other) => {
        const keys = [one, other].map((changes) => eventOf(changes).dedup_key);
        expect(keys[0] === keys[1]).toBe(parts(one) === parts(other));
        expect(eventOf({ ...one, id: 'another', title: 'later' }).dedup_key).toBe(keys[0]);
      }),
    );
  });

  it('cuts the summary at 1024 characters and is never without one', () => {
    expect(eventOf({ title: 'x'.repeat(1_024) }).payload.summary).toBe('x'.repeat(1_024));
    expect(eventOf({ title: 'x'.repeat(1_025) }).payload.summary).toBe(`${'x'.repeat(1_023)}…`);
    expect(eventOf({ title: '' }).payload.summary).toBe('OmniQuant: DAILY_LOSS');
  });

  it('says how many details had no room', () => {
    const details = Object.fromEntries(
      Array.from({ length: 1_000 }, (_, index) => [`n${index}`, '€'.repeat(1_000)]),
    );
    const { custom_details: kept } = eventOf({ details }).payload;
    expect(kept.details_left_out).toBe(1_000 - Object.keys(kept.details).length);
    expect(Object.keys(kept.details).length).toBeGreaterThan(50);
  });

  it('keeps to the limits of PagerDuty whatever is in it', () => {
    fc.assert(
      fc.property(anyNotification(), (notification) => {
        const body = toEvent(notification, { routingKey: KEY, source: 'desk' });
        expect(pagerdutyProblems(body)).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});

describe('what PagerDuty answers', () => {
  it.each([
    [200, '{"status":"success"}'],
    [202, '{"status":"invalid event"}'],
    [202, '"success"'],
    [202, '<html>'],
    [202, 'null'],
  ])('is no yes when it is %i with %s', async (status, body) => {
    const receiver = await startReceiver({ status, body });
    const { notifier } = await connectNotifier(pagerduty, {
      config: { baseUrl: receiver.origin },
      secrets: { routingKey: KEY },
    });
    const error = await failureOf(notifier.notify(DAILY_LOSS, signal), [KEY]);
    expect(error).toMatchObject({ code: 'REJECTED', message: expect.stringContaining(body) });
    await notifier.close();
  });

  it.each(['short', '', `${KEY}0`, `${KEY.slice(1)}!`])(
    'is not asked for with the key %p',
    async (routingKey) => {
      const config = { baseUrl: 'https://events.pagerduty.com', source: 'desk' };
      const hidden = routingKey.length > 6 ? [routingKey] : [];
      const error = await failureOf(connectUnchecked(pagerduty, { config, secrets: { routingKey } }), hidden);
      expect(error).toMatchObject({ code: 'REJECTED', message: expect.stringContaining('routingKey') });
    },
  );
});
