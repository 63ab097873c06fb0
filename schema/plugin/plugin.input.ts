import { Field, InputType } from 'type-graphql';

import { JSONObject } from '../scalars/json-object.ts';

@InputType({
  description:
    "Settings of one extension for the whole gateway, on top of the plugin list's. What is left out stays as it is; config null: as the list has it.",
})
export class ConfigurePluginInput {
  @Field(() => String) plugin!: string;
  @Field(() => String, {
    nullable: true,
    description: 'kind:id, or the id; may be left out where one extension alone has settings.',
  })
  extension?: string | null;
  @Field(() => JSONObject, { nullable: true }) config?: Readonly<Record<string, unknown>> | null;
  @Field(() => JSONObject, {
    nullable: true,
    description: 'Credentials by name: a text sets one, null takes it away. They are never shown again.',
  })
  secrets?: Readonly<Record<string, unknown>> | null;
}
