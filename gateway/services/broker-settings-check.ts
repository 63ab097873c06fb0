import type { TSchema } from '@omniquant/plugin-sdk';

import type { BrokerDescription } from '../../core/ports/broker-catalog.ts';
import type { JsonObject } from '../../core/ports/broker-settings.ts';
import { badInput } from '../../schema/errors/api-error.ts';
import { checkConfig } from '../plugins/config-check.ts';

function refuse(field: string, path: string, message: string): never {
  const place = path === '' ? field : `${field}.${path}`;
  throw badInput(`${place} ${message}.`, place);
}

function check(schema: JsonObject, value: JsonObject, field: string): void {
  const [problem] = checkConfig(schema as unknown as TSchema, value).problems;
  if (problem !== undefined) refuse(field, problem.path, problem.message);
}

/**
 * An account's own settings on top of those of the gateway. What the gateway sets is not for tenants to
 * change: with another address they would be sent the gateway's own credentials. Throws BAD_USER_INPUT.
 */
export function checkBrokerConfig(broker: BrokerDescription, config: JsonObject, field: string): void {
  const taken = Object.keys(config).find((name) => Object.hasOwn(broker.configDefaults, name));
  if (taken !== undefined) refuse(field, taken, 'is set by the gateway');
  check(broker.configSchema, { ...broker.configDefaults, ...config }, field);
}

/** Credentials are texts by name. Throws BAD_USER_INPUT. */
export function checkBrokerSecrets(broker: BrokerDescription, secrets: JsonObject, field: string): void {
  if (broker.secretsSchema === null) refuse(field, '', `are not for ${broker.id}: it has no credentials`);
  const other = Object.keys(secrets).find((name) => typeof secrets[name] !== 'string');
  if (other !== undefined) refuse(field, other, 'is no text');
  check(broker.secretsSchema, secrets, field);
}
