import type { z } from 'zod';

import { SETTINGS } from './settings.ts';

/* The only reader of the environment. */

type Settings = { readonly [K in keyof typeof SETTINGS]: z.infer<(typeof SETTINGS)[K]['schema']> };

/** All settings, checked, with what follows from them filled in. */
export interface Config extends Omit<Settings, 'GRAPHIQL' | 'DEMO' | 'NOTIFICATION_PRIVATE_HOSTS'> {
  readonly GRAPHIQL: boolean;
  readonly DEMO: boolean;
  readonly NOTIFICATION_PRIVATE_HOSTS: boolean;
  /** A variable that settings elsewhere refer to by its name, for a credential. */
  readonly variable: (name: string) => string | undefined;
}

/** A setting that cannot be used. `message` is one line that names it and says what to do. */
export class ConfigError extends Error {
  readonly code = 'CONFIG_INVALID';
  readonly setting: string;

  constructor(name: string, message: string) {
    super(`${name} ${message}`);
    this.name = 'ConfigError';
    this.setting = name;
  }
}

const NEEDED_WITH_DATABASE = ['INTERNAL_SECRET', 'ENCRYPTION_KEY', 'TOKEN_SIGNING_KEY'] as const;

/**
 * Reads and checks the settings; an empty value counts as not set.
 * @throws ConfigError naming the first setting that is wrong.
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>> = process.env): Config {
  const values: Record<string, unknown> = {};
  for (const [name, { schema }] of Object.entries(SETTINGS)) {
    const raw = environment[name];
    const parsed = schema.safeParse(raw === '' ? undefined : raw);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      throw new ConfigError(
        name,
        `is wrong: ${issue?.message ?? 'not understood'} (got ${describe(name, raw)})`,
      );
    }
    values[name] = parsed.data;
  }
  return withDerived(values as unknown as Settings, (name) => environment[name]);
}

function withDerived(settings: Settings, variable: Config['variable']): Config {
  if (settings.NODE_ENV === 'production' && settings.DATABASE_URL !== undefined) {
    requireAll(settings, NEEDED_WITH_DATABASE, 'in production with DATABASE_URL; see .env.example');
  }
  if (settings.REQUIRE_EMAIL_VERIFICATION) {
    requireAll(settings, ['SMTP_URL', 'MAIL_FROM'], 'with REQUIRE_EMAIL_VERIFICATION');
  }
  if (settings.FAILPOINT !== undefined && settings.NODE_ENV !== 'test') {
    throw new ConfigError('FAILPOINT', 'is for tests: it needs NODE_ENV=test');
  }
  if (settings.DEMO === true && settings.REQUIRE_EMAIL_VERIFICATION) {
    throw new ConfigError(
      'DEMO',
      'must not be true with REQUIRE_EMAIL_VERIFICATION: the demo user has no mail',
    );
  }
  const open = settings.NODE_ENV !== 'production';
  return {
    ...settings,
    variable,
    GRAPHIQL: settings.GRAPHIQL ?? open,
    NOTIFICATION_PRIVATE_HOSTS: settings.NOTIFICATION_PRIVATE_HOSTS ?? open,
    DEMO:
      settings.DEMO ?? (open && settings.DATABASE_URL === undefined && !settings.REQUIRE_EMAIL_VERIFICATION),
  };
}

function requireAll(settings: Settings, names: readonly (keyof Settings)[], when: string): void {
  const missing = names.find((name) => settings[name] === undefined);
  if (missing !== undefined) throw new ConfigError(missing, `is missing: it is needed ${when}`);
}

const SECRET_NAME = /SECRET|KEY|TOKEN|URL/;

function describe(name: string, raw: string | undefined): string {
  if (raw === undefined) return 'nothing';
  return SECRET_NAME.test(name) ? `${String(raw.length)} characters` : JSON.stringify(raw);
}

/** The text of `.env.example`. */
export function envExample(): string {
  const lines = Object.entries(SETTINGS).map(
    ([name, { doc, example }]) => `# ${doc}\n# ${name}=${example}\n`,
  );
  return `# Settings of the gateway. All are optional unless said otherwise; values shown are the defaults.\n\n${lines.join('\n')}`;
}
