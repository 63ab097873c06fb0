import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql';

import type { PluginInfo } from '../../core/ports/plugin-catalog.ts';
import type { RequestContext } from '../context.ts';
import { ConfigurePluginInput } from './plugin.input.ts';
import { type ExtensionKind, Plugin } from './plugin.type.ts';
import { type PluginChanged, type PluginChangeDenied, PluginChangeResult } from './plugin-result.type.ts';
import type { PluginOutcome } from './plugin-service.ts';

function toPlugin({ extensions, ...plugin }: PluginInfo): Plugin {
  return {
    ...plugin,
    extensions: extensions.map(({ kind, ...extension }) => ({
      ...extension,
      kind: kind.toUpperCase() as ExtensionKind,
    })),
  };
}

function toResult(outcome: PluginOutcome): PluginChanged | PluginChangeDenied {
  return outcome.kind === 'changed'
    ? { plugin: toPlugin(outcome.plugin) }
    : { code: outcome.code, message: outcome.message };
}

@Resolver()
export class PluginResolver {
  @Query(() => [Plugin])
  async plugins(@Ctx() context: RequestContext): Promise<Plugin[]> {
    return (await context.services.plugins.all(context)).map(toPlugin);
  }

  @Mutation(() => PluginChangeResult, {
    description:
      'Loads and starts a plugin of the list; one that FAILED is tried again. ADMIN of the workspace that runs the gateway.',
  })
  async enablePlugin(
    @Arg('name', () => String) name: string,
    @Ctx() context: RequestContext,
  ): Promise<PluginChanged | PluginChangeDenied> {
    return toResult(await context.services.plugins.enable(context, name));
  }

  @Mutation(() => PluginChangeResult, {
    description:
      'Stops a plugin. Its strategies wait, and go on where they were when it is enabled again. ADMIN of the workspace that runs the gateway.',
  })
  async disablePlugin(
    @Arg('name', () => String) name: string,
    @Arg('reason', () => String, { nullable: true }) reason: string | null | undefined,
    @Ctx() context: RequestContext,
  ): Promise<PluginChanged | PluginChangeDenied> {
    return toResult(await context.services.plugins.disable(context, name, reason ?? null));
  }

  @Mutation(() => PluginChangeResult, {
    description:
      'Changes settings of an extension and starts its plugin anew with them. ADMIN of the workspace that runs the gateway.',
  })
  async configurePlugin(
    @Arg('input', () => ConfigurePluginInput) input: ConfigurePluginInput,
    @Ctx() context: RequestContext,
  ): Promise<PluginChanged | PluginChangeDenied> {
    return toResult(await context.services.plugins.configure(context, input));
  }
}
