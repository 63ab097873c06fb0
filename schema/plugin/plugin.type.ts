import { Field } from 'type-graphql';

import type { ExtensionKind as CoreExtensionKind, PluginInfo } from '../../core/ports/plugin-catalog.ts';
import { enumType } from '../enum.ts';
import { PlainType } from '../object-type.ts';
import { JSONObject } from '../scalars/json-object.ts';

export type ExtensionKind = Uppercase<CoreExtensionKind>;

const ExtensionKindEnum = enumType<ExtensionKind>('ExtensionKind', [
  'STRATEGY',
  'BROKER',
  'FEED',
  'OPTIMIZER',
  'MODEL',
  'TUNER',
  'NOTIFIER',
]);

const PluginStatusEnum = enumType<PluginInfo['status']>('PluginStatus', [
  'READY',
  'DEGRADED',
  'FAILED',
  'DISABLED',
]);

@PlainType({ description: '`configSchema` is JSON Schema: a client can draw a form from it.' })
export class Extension {
  @Field(() => String) id!: string;
  @Field(() => ExtensionKindEnum) kind!: ExtensionKind;
  @Field(() => String, { nullable: true }) description!: string | null;
  @Field(() => JSONObject) configSchema!: Readonly<Record<string, unknown>>;
  @Field(() => [String]) permissions!: readonly string[];
}

@PlainType()
export class Plugin {
  @Field(() => String) name!: string;
  @Field(() => String) version!: string;
  @Field(() => String) apiVersion!: string;
  @Field(() => PluginStatusEnum) status!: PluginInfo['status'];
  @Field(() => String, { nullable: true }) error!: string | null;
  @Field(() => [Extension]) extensions!: Extension[];
}
