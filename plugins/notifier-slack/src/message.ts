import { clip, type Notification } from '@omniquant/plugin-sdk';

/** Slack's limits, in characters: Block Kit reference, header, section and text object. */
const HEADER = 150;
const TEXT = 3_000;
const FIELD = 2_000;
const FIELDS = 10;
/** Of a message, and what header, message and context take of it. */
const BLOCKS = 50;
const OTHER_BLOCKS = 3;
const FIELD_NAME = 200;
/**
 * Of all texts together. Slack documents no sum, and refuses messages from about 12,000 characters on with
 * msg_blocks_too_long.
 */
const SUM = 10_000;

const COLOURS = { INFO: '#2f80ed', WARNING: '#f2a600', CRITICAL: '#d92d20' } as const;

interface PlainText {
  readonly type: 'plain_text';
  readonly text: string;
  readonly emoji: false;
}

interface Markdown {
  readonly type: 'mrkdwn';
  readonly text: string;
  /** Names of channels and people stay text. */
  readonly verbatim: true;
}

type Block =
  | { readonly type: 'header'; readonly text: PlainText }
  | { readonly type: 'section'; readonly text: Markdown }
  | { readonly type: 'section'; readonly fields: readonly Markdown[] }
  | { readonly type: 'context'; readonly elements: readonly Markdown[] };

/** Slack's three control characters; it shows what is written so as it was. */
function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

const markdown = (text: string): Markdown => ({ type: 'mrkdwn', text, verbatim: true });

/** Slack refuses empty texts. */
const orElse = (text: string, other: string): string => (text.trim() === '' ? other : text);

function toField(name: string, value: string): Markdown {
  const bold = `*${clip(orElse(name, '-'), FIELD_NAME, escape)}*\n`;
  return markdown(bold + clip(orElse(value, '-'), FIELD - bold.length, escape));
}

/** The details from the first on, as many as a message may have. */
function toFields(details: Notification['details'], room: number): readonly Markdown[] {
  const fields: Markdown[] = [];
  let left = room;
  for (const [name, value] of Object.entries(details)) {
    const field = toField(name, String(value ?? '-'));
    left -= field.text.length;
    if (left < 0 || fields.length === FIELDS * (BLOCKS - OTHER_BLOCKS)) break;
    fields.push(field);
  }
  return fields;
}

function toContext(notification: Notification, leftOut: number): string {
  const { severity, code, accountId, orderId, at, id } = notification;
  return [
    severity,
    code,
    ...(accountId === null ? [] : [`account ${accountId}`]),
    ...(orderId === null ? [] : [`order ${orderId}`]),
    new Date(at).toISOString(),
    `notification ${id}`,
    ...(leftOut === 0 ? [] : [`details left out: ${leftOut}`]),
  ].join(' | ');
}

/** The body of a request to an incoming webhook: the title on top, the rest beside a bar of the severity's colour. */
export function toMessage(notification: Notification): string {
  const { severity, details } = notification;
  const title = `${severity}: ${orElse(notification.title, notification.code)}`;
  const header = clip(title, HEADER, escape);
  const message = clip(notification.message, TEXT, escape);
  const context = (leftOut: number): string => clip(toContext(notification, leftOut), FIELD, escape);
  const all = Object.keys(details).length;
  const fields = toFields(details, SUM - header.length - message.length - context(all).length);

  const blocks: Block[] = [];
  if (message.trim() !== '') blocks.push({ type: 'section', text: markdown(message) });
  for (let start = 0; start < fields.length; start += FIELDS) {
    blocks.push({ type: 'section', fields: fields.slice(start, start + FIELDS) });
  }
  blocks.push({ type: 'context', elements: [markdown(context(all - fields.length))] });
  const top: Block[] = [{ type: 'header', text: { type: 'plain_text', text: header, emoji: false } }];
  // The text is what a phone's notification shows; with blocks beside it a channel does not.
  const text = clip(title, TEXT, escape);
  return JSON.stringify({ text, blocks: top, attachments: [{ color: COLOURS[severity], blocks }] });
}
