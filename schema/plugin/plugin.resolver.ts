import { Ctx, Query, Resolver } from 'type-graphql';

import type { PluginInfo } from '../../core/ports/plugin-catalog.ts';
import type { RequestContext } from '../context.ts';
import { type ExtensionKind, Plugin } from './plugin.type.ts';

function toPlugin({ extensions, ...plugin }: PluginInfo): Plugin {
  return {
    ...plugin,
    extensions: extensions.map(({ kind, ...extension }) => ({
      ...extension,
      kind: kind.toUpperCase() as ExtensionKind,
    })),
  };
}

@Resolver()
export class PluginResolver {
  @Query(() => [Plugin])
  async plugins(@Ctx() context: RequestContext): Promise<Plugin[]> {
    return (await context.services.plugins.all(context)).map(toPlugin);
  }
}
