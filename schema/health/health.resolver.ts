import { Ctx, Query, Resolver } from 'type-graphql';

import type { RequestContext } from '../context.ts';
import { Health } from './health.type.ts';

@Resolver()
export class HealthResolver {
  @Query(() => Health, { description: 'Public. Liveness of the gateway and of what it depends on.' })
  health(@Ctx() context: RequestContext): Promise<Health> {
    return context.services.health.health(context);
  }
}
