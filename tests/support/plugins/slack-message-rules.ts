/** What Slack's reference of incoming webhooks and Block Kit asks of a message, as sentences about what is wrong. */
type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;
const listOf = (value: unknown): readonly Json[] =>
  Array.isArray(value) ? value.filter((item) => isObject(item)) : [];

/** From about here on a message is refused with msg_blocks_too_long. */
const SUM = 12_000;

function textProblems(text: unknown, types: readonly string[], limit: number, place: string): string[] {
  if (!isObject(text)) return [`${place} is no text object`];
  const { type, text: value } = text;
  if (typeof type !== 'string' || !types.includes(type)) return [`${place} has the type ${String(type)}`];
  if (typeof value !== 'string') return [`${place} has no text`];
  return [
    ...(value.trim() === '' ? [`${place} is empty`] : []),
    ...(value.length > limit ? [`${place} has ${value.length} characters`] : []),
    ...(/[<>]|&(?!(?:amp|lt|gt);)/.test(value) ? [`${place} is not escaped`] : []),
    ...(value.isWellFormed() ? [] : [`${place} has half a character`]),
    ...('emoji' in text && type !== 'plain_text' ? [`${place} may not have emoji`] : []),
    ...('verbatim' in text && type !== 'mrkdwn' ? [`${place} may not have verbatim`] : []),
  ];
}

function blockProblems(block: Json, place: string): string[] {
  switch (block['type']) {
    case 'header':
      return textProblems(block['text'], ['plain_text'], 150, `${place}.text`);
    case 'section': {
      const fields = listOf(block['fields']);
      if ('fields' in block && (fields.length < 1 || fields.length > 10)) {
        return [`${place} has ${fields.length} fields`];
      }
      return [
        ...(!('text' in block) && !('fields' in block) ? [`${place} has neither text nor fields`] : []),
        ...('text' in block
          ? textProblems(block['text'], ['plain_text', 'mrkdwn'], 3_000, `${place}.text`)
          : []),
        ...fields.flatMap((field, index) =>
          textProblems(field, ['plain_text', 'mrkdwn'], 2_000, `${place}.fields.${index}`),
        ),
      ];
    }
    case 'context': {
      const elements = listOf(block['elements']);
      if (elements.length < 1 || elements.length > 10) return [`${place} has ${elements.length} elements`];
      return elements.flatMap((element, index) =>
        textProblems(element, ['plain_text', 'mrkdwn'], 3_000, `${place}.elements.${index}`),
      );
    }
    default:
      return [`${place} has the type ${String(block['type'])}`];
  }
}

function sumOf(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + sumOf(item), 0);
  if (!isObject(value)) return 0;
  const own = typeof value['text'] === 'string' ? value['text'].length : sumOf(value['text']);
  return own + sumOf(value['fields']) + sumOf(value['elements']);
}

export function slackProblems(body: string): readonly string[] {
  const message: unknown = JSON.parse(body);
  if (!isObject(message)) return ['the body is no object'];
  const attachments = listOf(message['attachments']);
  const top = listOf(message['blocks']);
  const all = [...top, ...attachments.flatMap((attachment) => listOf(attachment['blocks']))];
  return [
    ...Object.keys(message)
      .filter((key) => !['text', 'blocks', 'attachments'].includes(key))
      .map((key) => `${key} is not known`),
    ...textProblems({ type: 'mrkdwn', text: message['text'] }, ['mrkdwn'], 40_000, 'text'),
    ...(all.length > 50 ? [`${all.length} blocks`] : []),
    ...all.flatMap((block, index) => blockProblems(block, `blocks.${index}`)),
    ...attachments.flatMap(({ color }) =>
      typeof color === 'string' && /^#[0-9a-f]{6}$/i.test(color) ? [] : [`the colour is ${String(color)}`],
    ),
    ...(sumOf(all) > SUM ? [`${sumOf(all)} characters in all`] : []),
  ];
}
