import { createHmac } from 'node:crypto';

import type { ReceivedRequest } from '../plugins/http-receiver.ts';
import type { ApiClient } from './api-client.ts';
import { until } from './until.ts';

export const SIGNING_SECRET = `whsec_${Buffer.from('a key for tests of 32 bytes, say').toString('base64')}`;

export interface ChannelData {
  readonly id: string;
  readonly name: string;
  readonly notifier: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly secretsSet: readonly string[];
  readonly codes: readonly string[] | null;
  readonly accountIds: readonly string[] | null;
  readonly state: string;
  readonly lastDeliveredAt: string | null;
  readonly lastFailure: { readonly message: string } | null;
  readonly waiting: number;
  readonly delivered: number;
  readonly undelivered: number;
}

const FIELDS = `id name notifier config secretsSet codes accountIds state lastDeliveredAt lastFailure { message }
  waiting delivered undelivered`;
export const CREATE_CHANNEL = `mutation($input: CreateNotificationChannelInput!) {
  createNotificationChannel(input: $input) { ${FIELDS} } }`;
export const UPDATE_CHANNEL = `mutation($id: ID!, $input: UpdateNotificationChannelInput!) {
  updateNotificationChannel(id: $id, input: $input) { ${FIELDS} } }`;
export const TEST_CHANNEL = `mutation($id: ID!) { testNotificationChannel(id: $id) {
  ... on NotificationDelivered { notificationId } ... on NotificationNotDelivered { code message } } }`;
const LIST = `{ notificationChannels { ${FIELDS} } }`;

/** A webhook channel unless the input says otherwise. */
export async function createChannel(
  client: ApiClient,
  input: Readonly<Record<string, unknown>>,
): Promise<ChannelData> {
  const { createNotificationChannel } = await client.ask<{ createNotificationChannel: ChannelData }>(
    CREATE_CHANNEL,
    { input: { name: 'a channel', ...input } },
  );
  return createNotificationChannel;
}

export const webhookTo = (url: string, more: Readonly<Record<string, unknown>> = {}) => ({
  notifier: 'webhook',
  config: { url },
  secrets: { signingSecrets: SIGNING_SECRET },
  ...more,
});

export async function channelsOf(client: ApiClient): Promise<readonly ChannelData[]> {
  return (await client.ask<{ notificationChannels: ChannelData[] }>(LIST)).notificationChannels;
}

/** The channel once it is as asked. */
export function channelOnce(
  client: ApiClient,
  id: string,
  is: (channel: ChannelData) => boolean,
): Promise<ChannelData> {
  return until('the state of the channel', async () =>
    (await channelsOf(client)).find((channel) => channel.id === id && is(channel)),
  );
}

/** What a webhook says. Throws unless it bears the signature of SIGNING_SECRET (Standard Webhooks 1.0.0). */
export function verified({ body, headers }: ReceivedRequest): {
  readonly id: string;
  readonly code: string;
  readonly severity: string;
  readonly title: string;
  readonly message: string;
  readonly accountId: string | null;
  readonly details: Readonly<Record<string, unknown>>;
} {
  const key = Buffer.from(SIGNING_SECRET.slice('whsec_'.length), 'base64');
  const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
  const expected = `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
  if (headers['webhook-signature'] !== expected) throw new Error('the signature is not ours');
  return (JSON.parse(body) as { data: ReturnType<typeof verified> }).data;
}
