/** What PagerDuty's reference of the Events API v2 asks of an event, as sentences about what is wrong. */
const TOP = [
  'routing_key',
  'event_action',
  'dedup_key',
  'client',
  'client_url',
  'links',
  'images',
  'payload',
];
const PAYLOAD = [
  'summary',
  'timestamp',
  'severity',
  'source',
  'component',
  'group',
  'class',
  'custom_details',
];
const MAX_BYTES = 512 * 1024;

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;

function lengthProblems(value: unknown, name: string, from: number, to: number): string[] {
  if (typeof value !== 'string') return [`${name} is no text`];
  if (value.length < from || value.length > to) return [`${name} has ${value.length} characters`];
  return value.isWellFormed() ? [] : [`${name} has half a character`];
}

const unknownKeys = (value: Json, known: readonly string[]): string[] =>
  Object.keys(value)
    .filter((key) => !known.includes(key))
    .map((key) => `${key} is not known`);

export function pagerdutyProblems(body: string): readonly string[] {
  const event: unknown = JSON.parse(body);
  if (!isObject(event) || !isObject(event['payload'])) return ['the body is no event'];
  const { payload } = event;
  const { severity, timestamp } = payload;
  return [
    ...unknownKeys(event, TOP),
    ...unknownKeys(payload, PAYLOAD),
    ...(Buffer.byteLength(body) > MAX_BYTES ? [`${Buffer.byteLength(body)} bytes`] : []),
    ...lengthProblems(event['routing_key'], 'routing_key', 32, 32),
    ...(event['event_action'] === 'trigger' ? [] : ['event_action is not trigger']),
    ...lengthProblems(event['dedup_key'], 'dedup_key', 1, 255),
    ...lengthProblems(payload['summary'], 'summary', 1, 1_024),
    ...lengthProblems(payload['source'], 'source', 1, 255),
    ...(['critical', 'error', 'warning', 'info'].includes(String(severity)) ? [] : ['severity is not known']),
    ...(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(String(timestamp))
      ? []
      : ['timestamp is not ISO 8601']),
    ...(isObject(payload['custom_details']) ? [] : ['custom_details is no object']),
  ];
}
