import { packageFiles, type Template } from './package-files.ts';

const NOTIFIER = (
  id: string,
): string => `import { createNotifierEndpoint, defineNotifier, NOTIFIER_OPTIONS, parseEndpoint, T, isAtLeast } from '@omniquant/plugin-sdk';

/** Posts each notification as JSON. */
export const notifier = defineNotifier({
  id: '${id}',
  description: 'Posts notifications to an address',
  config: T.Object({
    url: T.String({ format: 'uri', description: 'Where notifications go' }),
    ...NOTIFIER_OPTIONS,
  }),
  permissions: ['network'],
  // What it is lent is in ctx. Wrong settings are a NotifierError as well: REJECTED, so that nothing is sent again.
  async connect({ url, minSeverity, timeoutMs }, ctx) {
    // Makes a NotifierError of each answer that is no yes: 429 is RATE_LIMITED; 408, 425, 5xx and no answer are
    // UNREACHABLE, to be sent again; others, such as 400, are REJECTED, for the same again would be refused again.
    const endpoint = createNotifierEndpoint({ ctx, url: parseEndpoint('url', url), timeoutMs });
    return {
      async notify(notification, signal) {
        if (!isAtLeast(notification.severity, minSeverity)) return;
        const headers = {
          'content-type': 'application/json',
          // The same whenever it is sent again, so that the receiver can tell.
          'idempotency-key': encodeURIComponent(notification.id),
        };
        await endpoint.post({ headers, body: JSON.stringify(notification) }, signal);
      },
      close: () => endpoint.close(),
    };
  },
});
`;

const NOTIFIER_TEST = `import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { Notification } from '@omniquant/plugin-sdk';

import { notifier } from './notifier.js';

const NOTIFICATION: Notification = {
  ...{ id: 'n-1', at: 0, severity: 'CRITICAL', code: 'DAILY_LOSS', title: 'Halted', message: 'Loss' },
  ...{ accountId: null, orderId: null, details: {} },
};

/** A receiver that answers so, and what it was sent. */
function receiver(status: number, headers: Record<string, string> = {}) {
  const posted: { url: string; id: string | null; body: unknown }[] = [];
  const notify = async (): Promise<void> => {
    const connected = await notifier.connect(
      { url: 'http://127.0.0.1:9/alerts', minSeverity: 'INFO', timeoutMs: 5_000 },
      {
        log: console,
        signal: new AbortController().signal,
        now: () => 0,
        fetch: (url, init) => {
          const id = new Headers(init?.headers).get('idempotency-key');
          posted.push({ url: String(url), id, body: JSON.parse(String(init?.body)) });
          return Promise.resolve(new Response('{}', { status, headers }));
        },
      },
    );
    try {
      await connected.notify(NOTIFICATION, new AbortController().signal);
    } finally {
      await connected.close();
    }
  };
  return { notify, posted };
}

test('posts what it is given, with its id', async () => {
  const { notify, posted } = receiver(200);
  await notify();
  assert.deepEqual(posted, [{ url: 'http://127.0.0.1:9/alerts', id: 'n-1', body: NOTIFICATION }]);
});

test('what is refused is not sent again', async () => {
  await assert.rejects(receiver(400).notify(), { name: 'NotifierError', code: 'REJECTED' });
});

test('what the receiver could not take is sent again, when it says', async () => {
  await assert.rejects(receiver(503).notify(), { name: 'NotifierError', code: 'UNREACHABLE' });
  await assert.rejects(receiver(429, { 'retry-after': '30' }).notify(), {
    ...{ name: 'NotifierError', code: 'RATE_LIMITED', retryAfterMs: 30_000 },
  });
});
`;

export const notifierTemplate: Template = (values) => ({
  ...packageFiles(values, 'notifier'),
  'src/notifier.ts': NOTIFIER(values.id),
  'src/notifier.test.ts': NOTIFIER_TEST,
});
