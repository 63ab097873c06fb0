import { createUnionType, Field } from 'type-graphql';

import type { PluginDenialCode } from '../../core/ports/plugin-operations.ts';
import { enumType } from '../enum.ts';
import { PlainType } from '../object-type.ts';
import { Plugin } from './plugin.type.ts';

const PluginDenialCodeEnum = enumType<PluginDenialCode>('PluginDenialCode', [
  'NOT_LISTED',
  'REQUIRED',
  'BROKER_IN_USE',
  'NOT_LOADED',
]);

@PlainType({
  description:
    'Durable, and done here; other gateways follow within seconds. A plugin that could not be started is FAILED and says why.',
})
export class PluginChanged {
  @Field(() => Plugin) plugin!: Plugin;
}

@PlainType({ description: 'Nothing was changed; `message` says what to do.' })
export class PluginChangeDenied {
  @Field(() => PluginDenialCodeEnum) code!: PluginDenialCode;
  @Field(() => String) message!: string;
}

export const PluginChangeResult = createUnionType({
  name: 'PluginChangeResult',
  types: () => [PluginChanged, PluginChangeDenied] as const,
  resolveType: (value) => ('code' in value ? PluginChangeDenied : PluginChanged),
});
