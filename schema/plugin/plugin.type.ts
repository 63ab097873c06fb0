import { Field } from 'type-graphql';

import type { ExtensionKind as CoreExtensionKind, PluginInfo } from '../../core/ports/plugin-catalog.ts';
import { enumType } from '../enum.ts';
import { PlainType } from '../object-type.ts';
import { DateTime } from '../scalars/date-time.ts';
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
  @Field(() => JSONObject, {
    nullable: true,
    description: 'JSON Schema of its credentials; null where it has none.',
  })
  secretsSchema!: Readonly<Record<string, unknown>> | null;
  @Field(() => JSONObject, {
    nullable: true,
    description:
      'What is set for the whole gateway. For ADMIN of the workspace that runs it; null for others, and for kinds that get their parameters when they are used.',
  })
  config!: Readonly<Record<string, unknown>> | null;
  @Field(() => [String], {
    nullable: true,
    description:
      'Names of the credentials that are set for the whole gateway, never what they are. For ADMIN of the workspace that runs it.',
  })
  secretsSet!: readonly string[] | null;
}

@PlainType()
export class Plugin {
  @Field(() => String) name!: string;
  @Field(() => String) version!: string;
  @Field(() => String) apiVersion!: string;
  @Field(() => PluginStatusEnum) status!: PluginInfo['status'];
  @Field(() => String, {
    nullable: true,
    description: 'What is wrong with it; one that is DEGRADED is in use all the same.',
  })
  error!: string | null;
  @Field(() => Boolean, { description: 'Whether the operator wants it in use.' }) enabled!: boolean;
  @Field(() => String, { nullable: true, description: 'Why it was disabled.' }) reason!: string | null;
  @Field(() => DateTime, { nullable: true, description: 'When it was last changed through the API.' })
  changedAt!: number | null;
  @Field(() => [Extension]) extensions!: Extension[];
}
