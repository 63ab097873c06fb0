import type { TSchema } from '@omniquant/plugin-sdk';

import { NOTIFICATION_CODES } from '../../core/notifications/alert-texts.ts';
import type { JsonObject } from '../../core/ports/broker-settings.ts';
import type { Secrets } from '../../core/ports/notification-channels.ts';
import type { NotifierCatalog, NotifierDescription } from '../../core/ports/notifiers.ts';
import { badInput } from '../../schema/errors/api-error.ts';
import { checkConfig } from '../plugins/config-check.ts';
import { nearestHint } from './nearest-text.ts';

/* Checks of what comes in about channels. Each throws BAD_USER_INPUT with the argument's path. */

/** Characters of config and credentials, each as JSON. */
const LARGEST = 16_384;

export function requireNotifier(catalog: NotifierCatalog, id: string): NotifierDescription {
  const found = catalog.find(id);
  if (found !== null) return found;
  const asked = id.slice(0, 80);
  const known = catalog.ids();
  const hint = known.length === 0 ? ': no loaded plugin has any' : nearestHint(asked, known);
  throw badInput(`There is no notifier ${JSON.stringify(asked)} here${hint}.`, 'input.notifier');
}

function refuse(field: string, path: string, message: string): never {
  const place = path === '' ? field : `${field}.${path}`;
  throw badInput(`${place} ${message}.`, place);
}

function checkSize(value: JsonObject, field: string): void {
  const { length } = JSON.stringify(value);
  if (length > LARGEST) refuse(field, '', `has ${String(length)} characters: at most ${String(LARGEST)}`);
}

/** With its defaults filled in. */
export function checkedConfig({ configSchema }: NotifierDescription, config: JsonObject): JsonObject {
  checkSize(config, 'input.config');
  const { problems, value } = checkConfig(configSchema as unknown as TSchema, config);
  const [problem] = problems;
  if (problem !== undefined) refuse('input.config', problem.path, problem.message);
  return value;
}

/** Texts by name. Messages never show one. */
export function checkedSecrets({ id, secretsSchema }: NotifierDescription, secrets: JsonObject): Secrets {
  const field = 'input.secrets';
  if (secretsSchema === null) {
    if (Object.keys(secrets).length > 0) refuse(field, '', `are not for ${id}: it has no credentials`);
    return {};
  }
  checkSize(secrets, field);
  const other = Object.keys(secrets).find((name) => typeof secrets[name] !== 'string');
  if (other !== undefined) refuse(field, other, 'is no text');
  const [problem] = checkConfig(secretsSchema as unknown as TSchema, secrets).problems;
  if (problem !== undefined) refuse(field, problem.path, problem.message);
  return secrets as Secrets;
}

export function checkCodes(codes: readonly string[] | null): void {
  if (codes === null) return;
  if (codes.length === 0) throw badInput('input.codes is empty: leave it out for all.', 'input.codes');
  codes.forEach((code, index) => {
    const field = `input.codes[${String(index)}]`;
    if (NOTIFICATION_CODES.includes(code)) return;
    throw badInput(`${field} is the code of no alert${nearestHint(code, NOTIFICATION_CODES)}.`, field);
  });
}
