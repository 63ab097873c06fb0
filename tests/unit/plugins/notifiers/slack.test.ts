import { afterEach, describe, expect, it } from '@jest/globals';
import { slack } from '@omniquant/notifier-slack';
import fc from 'fast-check';

import { toMessage } from '../../../../plugins/notifier-slack/src/message.ts';
import { closeReceivers, startReceiver } from '../../../support/plugins/http-receiver.ts';
import { anyNotification, DAILY_LOSS, notificationOf } from '../../../support/plugins/notifications.ts';
import {
  connectNotifier,
  connectUnchecked,
  failureOf,
} from '../../../support/plugins/notifier-connection.ts';
import { slackProblems } from '../../../support/plugins/slack-message-rules.ts';

interface Text {
  readonly type: string;
  readonly text: string;
}

interface Message {
  readonly text: string;
  readonly blocks: readonly { readonly text: Text }[];
  readonly attachments: readonly {
    readonly color: string;
    readonly blocks: readonly {
      readonly type: string;
      readonly text?: Text;
      readonly fields?: readonly Text[];
      readonly elements?: readonly Text[];
    }[];
  }[];
}

const { signal } = new AbortController();

afterEach(closeReceivers);

const messageOf = (changes: Partial<typeof DAILY_LOSS> = {}): Message =>
  JSON.parse(toMessage(notificationOf(changes))) as Message;
const fieldsOf = (message: Message): readonly string[] =>
  message.attachments[0]!.blocks.flatMap(({ fields = [] }) => fields.map(({ text }) => text));
const contextOf = (message: Message): string => message.attachments[0]!.blocks.at(-1)!.elements![0]!.text;
const shown = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

describe('a Slack message', () => {
  it('arrives as the blocks that people read', async () => {
    const receiver = await startReceiver({ status: 200, body: 'ok' });
    const { notifier } = await connectNotifier(slack, {
      secrets: { webhookUrl: ` ${receiver.origin}/services/T1/B1/x\n` },
    });
    await notifier.notify(DAILY_LOSS, signal);
    await notifier.close();
    const { path, body } = receiver.requests[0]!;
    expect(path).toBe('/services/T1/B1/x');
    expect(slackProblems(body)).toEqual([]);
    const message = JSON.parse(body) as Message;
    expect(message.text).toBe('CRITICAL: Daily loss limit reached');
    expect(message.blocks[0]!.text.text).toBe('CRITICAL: Daily loss limit reached');
    const [attachment] = message.attachments;
    expect(attachment!.blocks.map(({ type }) => type)).toEqual(['section', 'section', 'context']);
    expect(attachment!.blocks[0]!.text!.text).toBe(DAILY_LOSS.message);
    expect(fieldsOf(message)).toEqual([
      '*loss*\n1020.50',
      '*limit*\n1000',
      '*halted*\ntrue',
      '*orders*\n3',
      '*reason*\n-',
    ]);
    expect(contextOf(message)).toBe(
      `CRITICAL | DAILY_LOSS | account acc-1 | 2016-01-04T14:30:05.250Z | notification ${DAILY_LOSS.id}`,
    );
  });

  it('has a colour for each severity', () => {
    const colours = (['INFO', 'WARNING', 'CRITICAL'] as const).map(
      (severity) => messageOf({ severity }).attachments[0]!.color,
    );
    expect(new Set(colours).size).toBe(3);
  });

  it('shows special characters as they are and mentions nobody', () => {
    const text = 'a < b && c > d <!channel> <@U123> &amp; "quoted"';
    const message = messageOf({ title: text, message: text, details: { [text]: text } });
    expect(slackProblems(JSON.stringify(message))).toEqual([]);
    expect(shown(message.blocks[0]!.text.text)).toBe(`CRITICAL: ${text}`);
    expect(shown(message.attachments[0]!.blocks[0]!.text!.text)).toBe(text);
    expect(shown(fieldsOf(message)[0]!)).toBe(`*${text}*\n${text}`);
  });

  it('has texts of exactly the longest length, and cuts the next longer one', () => {
    const message = (length: number): string =>
      messageOf({ message: 'x'.repeat(length) }).attachments[0]!.blocks[0]!.text!.text;
    expect(message(3_000)).toBe('x'.repeat(3_000));
    expect(message(3_001)).toBe(`${'x'.repeat(2_999)}…`);
    const header = (length: number): string => messageOf({ title: 'x'.repeat(length) }).blocks[0]!.text.text;
    expect(header(140)).toBe(`CRITICAL: ${'x'.repeat(140)}`);
    expect(header(141)).toHaveLength(150);
  });

  it('puts ten fields into a section and says how many details had no room', () => {
    const details = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`name${index}`, 'value']));
    const few = messageOf({ details: details(21) });
    expect(few.attachments[0]!.blocks.map(({ fields }) => fields?.length)).toEqual([
      undefined,
      10,
      10,
      1,
      undefined,
    ]);
    expect(contextOf(few)).not.toContain('left out');
    const many = messageOf({ details: details(2_000) });
    expect(fieldsOf(many)).toHaveLength(470);
    expect(contextOf(many)).toMatch(/details left out: 1530$/);
    expect(slackProblems(JSON.stringify(many))).toEqual([]);
  });

  it('has no empty text, which Slack refuses', () => {
    const message = messageOf({ title: ' ', message: '\n', details: { '': '' } });
    expect(slackProblems(JSON.stringify(message))).toEqual([]);
    expect(message.text).toBe('CRITICAL: DAILY_LOSS');
  });

  it('keeps to the limits of Slack whatever is in it', () => {
    fc.assert(
      fc.property(anyNotification(), (notification) => {
        expect(slackProblems(toMessage(notification))).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});

describe('what Slack answers', () => {
  it.each(['', 'no_text', '<html>ok</html>', '{"ok":true}'])(
    'is no yes when the body is %p',
    async (body) => {
      const receiver = await startReceiver({ status: 200, body });
      const { notifier } = await connectNotifier(slack, {
        secrets: { webhookUrl: `${receiver.origin}/services/T/B/TheTokenOfIt` },
      });
      const error = await failureOf(notifier.notify(DAILY_LOSS, signal), ['TheTokenOfIt']);
      expect(error).toMatchObject({ code: 'REJECTED', message: expect.stringContaining(body) });
      await notifier.close();
    },
  );

  it.each(['http://hooks.example.com/TheTokenOfIt', 'hooks.slack.com/TheTokenOfIt', ''])(
    'is not asked for at %p',
    async (webhookUrl) => {
      const connecting = connectUnchecked(slack, { secrets: { webhookUrl } });
      const error = await failureOf(connecting, ['TheTokenOfIt']);
      expect(error).toMatchObject({ code: 'REJECTED', message: expect.stringContaining('webhookUrl') });
    },
  );
});
