import { Args, ArgsType, Ctx, Field, ID, Query, Resolver } from 'type-graphql';

import type { RequestContext } from '../context.ts';
import { pageSize, toConnection } from '../pagination/connection.ts';
import { cursorFormat, positionAfter } from '../pagination/cursor.ts';
import { PageArgs } from '../pagination/page.args.ts';
import { AuditConnection } from './audit.type.ts';

const ENTRIES = cursorFormat<[sequence: number]>('audit', ['number']);

@ArgsType()
class AuditLogArgs extends PageArgs {
  @Field(() => ID, { nullable: true, description: 'Null: of the whole workspace.' })
  accountId?: string | null;
}

@Resolver()
export class AuditResolver {
  @Query(() => AuditConnection, { description: 'Newest first.' })
  async auditLog(
    @Args(() => AuditLogArgs) { accountId, first, after }: AuditLogArgs,
    @Ctx() context: RequestContext,
  ): Promise<AuditConnection> {
    const before = positionAfter(after, (cursor) => String(ENTRIES.decode(cursor)[0]));
    const page = await context.services.audit.entries(context, accountId ?? null, pageSize(first), before);
    return toConnection(
      page,
      (entry) => entry,
      ({ sequence }) => ENTRIES.encode(Number(sequence)),
    );
  }
}
