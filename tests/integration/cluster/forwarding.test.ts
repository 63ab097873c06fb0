import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';

import { afterEach, describe, expect, it } from '@jest/globals';

import { CommandError } from '../../../core/engine/decision.ts';
import type { Clock } from '../../../core/ports/clock.ts';
import { NotOwnerError } from '../../../core/ports/forwarder.ts';
import { type CommandMeta, UnavailableError } from '../../../core/runtime/command-reply.ts';
import { createHttpForwarder, type HttpForwarder } from '../../../gateway/cluster/http-forwarder.ts';
import {
  type InternalServer,
  type LocalAccounts,
  startInternalServer,
} from '../../../gateway/cluster/internal-server.ts';

const SECRET = 'a-secret-of-the-installation-with-40-chars';
const clock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: () => ({ cancel: () => undefined }),
};
const cancel = { kind: 'cancelOrder', orderId: 'o1', reason: null } as const;

function meta(overrides: Partial<CommandMeta> = {}): CommandMeta {
  return {
    actor: 'user:u',
    correlationId: 'c',
    traceparent: null,
    deadline: Date.now() + 5_000,
    ...overrides,
  };
}

describe('a command for an account that another gateway owns', () => {
  let server: InternalServer | undefined;
  let forwarder: HttpForwarder | undefined;
  let listener: Server | undefined;
  /** How far the owner's wall clock is ahead of the sender's. */
  let ownerAheadMs = 0;

  afterEach(async () => {
    forwarder?.close();
    await server?.close();
    listener?.close();
    server = forwarder = listener = undefined;
    ownerAheadMs = 0;
  });

  async function open(
    accounts: Partial<LocalAccounts>,
    secret = SECRET,
  ): Promise<{ address: string; forwarder: HttpForwarder }> {
    const refuse = (): never => {
      throw new Error('not expected');
    };
    server = await startInternalServer({
      host: '127.0.0.1',
      port: 0,
      secret: SECRET,
      clock: { now: () => Date.now() + ownerAheadMs },
      accounts: { executeAll: refuse, preview: refuse, ...accounts },
    });
    forwarder = createHttpForwarder(secret, clock);
    return { address: server.address, forwarder };
  }

  it('is executed there and answered here, with who asked and under which trace', async () => {
    const seen: unknown[] = [];
    const { address, forwarder: own } = await open({
      executeAll: (accountId, commands, given) => {
        seen.push(accountId, commands, given);
        return Promise.resolve([{ result: { kind: 'cancelRequested', orderIds: ['o1'] }, orders: [] }]);
      },
    });
    const sent = meta({ traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' });
    const replies = await own.executeAll(address, 'a1', [cancel], sent);
    expect(replies).toEqual([{ result: { kind: 'cancelRequested', orderIds: ['o1'] }, orders: [] }]);
    expect(seen).toEqual(['a1', [cancel], { ...sent, deadline: expect.any(Number) }]);
  });

  it.each([3_600_000, -3_600_000])('has as much time there when clocks differ by %i ms', async (aheadMs) => {
    ownerAheadMs = aheadMs;
    let left = 0;
    const { address, forwarder: own } = await open({
      executeAll: (_accountId, _commands, given) => {
        left = given.deadline - (Date.now() + aheadMs);
        return Promise.resolve([]);
      },
    });
    await own.executeAll(address, 'a1', [cancel], meta({ deadline: Date.now() + 5_000 }));
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(5_000);
  });

  it.each([
    [new NotOwnerError('a1'), NotOwnerError, {}],
    [new CommandError('NOT_FOUND', 'no such order', 'id'), CommandError, { code: 'NOT_FOUND', field: 'id' }],
    [new UnavailableError('NOT_PLACED', 'busy'), UnavailableError, { outcome: 'NOT_PLACED' }],
    [new Error('a bug'), UnavailableError, { outcome: 'UNKNOWN' }],
  ])('fails here as it failed there: %s', async (thrown, kind, fields) => {
    const { address, forwarder: own } = await open({ executeAll: () => Promise.reject(thrown) });
    const failure = await own.executeAll(address, 'a1', [cancel], meta()).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(kind);
    expect(failure).toMatchObject(fields);
  });

  it('is refused with another secret, and was not placed', async () => {
    const { address, forwarder: own } = await open({}, 'another-secret-of-at-least-32-characters');
    await expect(own.executeAll(address, 'a1', [cancel], meta())).rejects.toMatchObject({
      outcome: 'NOT_PLACED',
    });
  });

  it('goes to the next owner when nobody listens: nothing was done', async () => {
    const { address, forwarder: own } = await open({});
    await server?.close();
    server = undefined;
    await expect(own.executeAll(address, 'a1', [cancel], meta())).rejects.toBeInstanceOf(NotOwnerError);
  });

  it('is unknown when the other side takes it and falls silent', async () => {
    listener = createServer(() => undefined).listen(0, '127.0.0.1');
    await new Promise((resolve) => listener?.once('listening', resolve));
    const { port } = listener.address() as AddressInfo;
    forwarder = createHttpForwarder(SECRET, clock);
    const asked = forwarder.executeAll(
      `http://127.0.0.1:${String(port)}`,
      'a1',
      [cancel],
      meta({ deadline: Date.now() + 300 }),
    );
    await expect(asked).rejects.toMatchObject({ outcome: 'UNKNOWN' });
  });

  it('is not sent any more when its deadline has passed', async () => {
    const { address, forwarder: own } = await open({});
    await expect(
      own.executeAll(address, 'a1', [cancel], meta({ deadline: Date.now() - 1 })),
    ).rejects.toMatchObject({
      outcome: 'NOT_PLACED',
    });
  });
});
