import { principalOf } from '../../support/api-world.ts';
import { type PublicApi, type PublicApiOptions, startPublicApi } from '../../support/server/public-api.ts';
import type { Message } from '../../support/server/socket-client.ts';

/* What tests of order events subscribe to, and what they are shown. */

export const EVENTS = `subscription($a: ID!, $after: String) {
  orderEvents(accountId: $a, after: $after) { cursor type order { id status filledQuantity } fill { executionId } }
}`;
export const GOOD = { authorization: 'Bearer good' };
export const EVENTS_OF_AN_ORDER = 5;
/** What each event of `orderLife` shows. */
export const LIFE = [
  'INITIALIZED INITIALIZED 0',
  'SUBMITTED SUBMITTED 0',
  'ACCEPTED ACCEPTED 0',
  'FILLED PARTIALLY_FILLED 4',
  'FILLED FILLED 10',
];

export interface Shown {
  readonly cursor: string;
  readonly type: string;
  readonly order: { readonly id: string; readonly status: string; readonly filledQuantity: string };
}

export function eventIn(message: Message): Shown {
  const { data } = message.payload as { data?: { orderEvents: Shown } };
  if (data === undefined) throw new Error(`no event: ${JSON.stringify(message)}`);
  return data.orderEvents;
}

export const summary = ({ type, order }: Shown): string => `${type} ${order.status} ${order.filledQuantity}`;

/** The API over two accounts: a1 of the token `good`, b1 of the token `other`. */
export async function startWithAccounts(options: PublicApiOptions = {}): Promise<PublicApi> {
  const api = await startPublicApi(options);
  api.tokens.set('good', principalOf('w1'));
  api.tokens.set('other', principalOf('w2'));
  await api.journal.openAccount('a1', 'w1');
  await api.journal.openAccount('b1', 'w2');
  return api;
}
