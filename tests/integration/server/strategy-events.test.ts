import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import type { StrategyNotice } from '../../../core/ports/bus.ts';
import { principalOf } from '../../support/api-world.ts';
import { strategyRow } from '../../support/journal-fixtures.ts';
import { type PublicApi, startPublicApi } from '../../support/server/public-api.ts';
import { connect, type SocketClient } from '../../support/server/socket-client.ts';

const GOOD = { authorization: 'Bearer good' };
const EVENTS = 'subscription($id: ID!) { strategyEvents(strategyId: $id) { at level message data } }';
const CAPACITY = 5;

let api: PublicApi;
let client: SocketClient;

beforeEach(async () => {
  api = await startPublicApi({ limits: { subscriberQueue: CAPACITY, rightsFreshMs: 1 } });
  api.tokens.set('good', principalOf('w1'));
  await api.journal.openAccount('a1', 'w1');
  await api.journal.setStrategy(strategyRow('a1', 's1'));
  client = await connect(api.socketAddress, { init: GOOD });
});
afterEach(async () => {
  client.close();
  await api.close();
});

function say(message: string, overrides: Partial<StrategyNotice> = {}): void {
  api.bus.publish('strategyEvent', {
    ...{
      accountId: 'a1',
      workspaceId: 'w1',
      strategyId: 's1',
      at: 1_000,
      level: 'INFO',
      message,
      data: null,
    },
    ...overrides,
  });
}

/** Follows a strategy; what is said from here on is heard. */
async function follow(id = 's1'): Promise<void> {
  client.subscribe('1', EVENTS, { id });
  client.send({ type: 'ping' });
  await client.next(['pong']);
}

async function heard(): Promise<unknown> {
  const { payload } = await client.next(['next'], '1');
  return (payload as { data: { strategyEvents: unknown } }).data.strategyEvents;
}

const end = () =>
  api.journal.setStrategy(strategyRow('a1', 's1', { status: 'STOPPED', stoppedAt: Date.now() }));

describe('what a strategy says', () => {
  it('is heard in its order, with data of any kind', async () => {
    await follow();
    say('first', { level: 'WARN', data: { price: '190.5', levels: [1, 2] } });
    say('second', { data: [1, 'two'] });
    say('third', { data: 7 });
    const at = '1970-01-01T00:00:01.000Z';
    expect(await heard()).toEqual({
      ...{ at, level: 'WARN', message: 'first' },
      data: { price: '190.5', levels: [1, 2] },
    });
    expect(await heard()).toEqual({ at, level: 'INFO', message: 'second', data: { value: [1, 'two'] } });
    expect(await heard()).toEqual({ at, level: 'INFO', message: 'third', data: { value: 7 } });
  });

  it('of another strategy or workspace is not heard', async () => {
    await follow();
    say('another strategy', { strategyId: 's2' });
    say('another workspace', { workspaceId: 'w2' });
    say('mine');
    expect(await heard()).toMatchObject({ message: 'mine' });
  });

  it('is heard by all who follow it, also after one of them has left', async () => {
    await follow();
    const other = await connect(api.socketAddress, { init: GOOD });
    other.subscribe('2', EVENTS, { id: 's1' });
    other.send({ type: 'ping' });
    await other.next(['pong']);
    say('to both');
    expect(await heard()).toMatchObject({ message: 'to both' });
    await other.next(['next'], '2');
    other.close();
    await other.closed;
    say('to one');
    expect(await heard()).toMatchObject({ message: 'to one' });
  });

  it('is lost from its oldest on for who does not keep up, who is told', async () => {
    await follow();
    // Within one turn: the first may be on its way, the rest has to wait.
    for (let index = 0; index < 20; index += 1) say(`no. ${String(index)}`);
    say('the end');
    const messages: string[] = [];
    while (messages.at(-1) !== 'the end') {
      messages.push(((await heard()) as { message: string }).message);
    }
    const gap = messages.findIndex((message) => message.includes('are left out'));
    const lost = Number.parseInt(messages[gap] ?? '', 10);
    expect(messages.slice(0, gap)).toEqual(gap === 0 ? [] : ['no. 0']);
    expect(messages.slice(gap + 1)).toEqual(['no. 16', 'no. 17', 'no. 18', 'no. 19', 'the end']);
    expect(gap + lost + CAPACITY).toBe(21);
  });

  it('is kept from a socket whose rights have ended', async () => {
    await follow();
    api.tokens.delete('good');
    await new Promise((resolve) => setTimeout(resolve, 5));
    say('a secret');
    expect(await client.closed).toMatchObject({ code: 4403 });
    expect(JSON.stringify(client.received)).not.toContain('a secret');
  });
});

describe('the subscription', () => {
  it('is done when the strategy has ended, its last words heard', async () => {
    await follow();
    await end();
    say('last words');
    expect(await heard()).toMatchObject({ message: 'last words' });
    expect(await client.next(['complete', 'error'], '1')).toMatchObject({ type: 'complete' });
  });

  it('goes on while the account does other things', async () => {
    await follow();
    await api.journal.placeOrder('a1', 'o1');
    say('still here');
    expect(await heard()).toMatchObject({ message: 'still here' });
  });

  it('of one that ended before is done at once', async () => {
    await end();
    await follow();
    expect(await client.next(['complete', 'error', 'next'], '1')).toMatchObject({ type: 'complete' });
  });

  it('is done though the notice of the commit was lost', async () => {
    const deaf = await startPublicApi({ deaf: true });
    deaf.tokens.set('good', principalOf('w1'));
    await deaf.journal.openAccount('a1', 'w1');
    await deaf.journal.setStrategy(strategyRow('a1', 's1'));
    const own = await connect(deaf.socketAddress, { init: GOOD });
    own.subscribe('1', EVENTS, { id: 's1' });
    own.send({ type: 'ping' });
    await own.next(['pong']);
    await deaf.journal.setStrategy(strategyRow('a1', 's1', { status: 'FAILED', stoppedAt: 1 }));
    expect(await own.next(['complete', 'error'], '1')).toMatchObject({ type: 'complete' });
    own.close();
    await deaf.close();
  });

  it.each([
    ['of another workspace', 'theirs'],
    ['that there is not', 'nobody'],
  ])('is refused for a strategy %s', async (_whose, id) => {
    await api.journal.openAccount('a2', 'w2');
    await api.journal.setStrategy(strategyRow('a2', 'theirs'));
    await follow(id);
    expect(await client.next(['next', 'error'], '1')).toMatchObject({
      payload: { errors: [{ extensions: { code: 'NOT_FOUND', field: 'strategyId' } }] },
    });
  });

  it('leaves nothing open behind', async () => {
    await follow();
    client.close();
    await client.closed;
    while (!(await api.metricsText()).includes('subscriptions{operation="strategyEvents"} 0')) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(api.readers.stillOpen).toBe(0);
  });
});
