import { fastify } from 'fastify';
import { z } from 'zod';

import type { ClientCommand } from '../../core/engine/command.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { PreviewReply } from '../../core/runtime/command-gate.ts';
import type { CommandMeta, CommandReply } from '../../core/runtime/command-reply.ts';
import {
  BODY_LIMIT,
  EXECUTE_PATH,
  PREVIEW_PATH,
  PROTOCOL_VERSION,
  sameSecret,
  toForwardedError,
} from './forward-protocol.ts';

/** The accounts of this process alone: throws NotOwnerError for others, so that nothing is forwarded twice. */
export interface LocalAccounts {
  executeAll(
    accountId: string,
    commands: readonly ClientCommand[],
    meta: CommandMeta,
  ): Promise<readonly CommandReply[]>;
  preview(accountId: string, command: ClientCommand, meta: CommandMeta): Promise<PreviewReply>;
}

export interface InternalServerOptions {
  readonly host: string;
  readonly port: number;
  readonly secret: string;
  readonly clock: Pick<Clock, 'now'>;
  readonly accounts: LocalAccounts;
}

export interface InternalServer {
  /** http://host:port as bound. */
  readonly address: string;
  close(): Promise<void>;
}

const meta = z.object({
  actor: z.string(),
  correlationId: z.string(),
  traceparent: z.string().nullable(),
  remainingMs: z.number(),
});
// Commands were checked by the gateway that took them in; here only their frame is.
const command = z.looseObject({ kind: z.string() }).transform((value) => value as unknown as ClientCommand);
const version = z.literal(PROTOCOL_VERSION);
const executeBody = z.object({ version, accountId: z.string(), commands: z.array(command).max(500), meta });
const previewBody = z.object({ version, accountId: z.string(), command, meta });

/** The door for commands that other gateways of the installation forward. Not for the public network. */
export async function startInternalServer(options: InternalServerOptions): Promise<InternalServer> {
  const server = fastify({ bodyLimit: BODY_LIMIT, forceCloseConnections: true });
  const expected = `Bearer ${options.secret}`;
  const metaHere = ({ remainingMs, ...rest }: z.infer<typeof meta>): CommandMeta => ({
    ...rest,
    deadline: options.clock.now() + remainingMs,
  });

  server.addHook('onRequest', async (incoming, reply) => {
    if (!sameSecret(incoming.headers.authorization ?? '', expected)) {
      await reply.code(401).send({ error: 'unauthenticated' });
    }
  });
  server.post(EXECUTE_PATH, async (incoming, reply) => {
    const parsed = executeBody.safeParse(incoming.body);
    if (!parsed.success) return reply.code(400).send({ error: 'not understood' });
    const { accountId, commands, meta: given } = parsed.data;
    return answer(() => options.accounts.executeAll(accountId, commands, metaHere(given)));
  });
  server.post(PREVIEW_PATH, async (incoming, reply) => {
    const parsed = previewBody.safeParse(incoming.body);
    if (!parsed.success) return reply.code(400).send({ error: 'not understood' });
    const { accountId, command: given, meta: givenMeta } = parsed.data;
    return answer(() => options.accounts.preview(accountId, given, metaHere(givenMeta)));
  });

  const address = await server.listen({ host: options.host, port: options.port });
  return { address, close: () => server.close() };
}

async function answer<T>(run: () => Promise<T>): Promise<object> {
  try {
    return { ok: await run() };
  } catch (error) {
    return { error: toForwardedError(error) };
  }
}
