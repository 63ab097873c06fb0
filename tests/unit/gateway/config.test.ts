import { readFileSync } from 'node:fs';

import { describe, expect, it } from '@jest/globals';

import { ConfigError, envExample, readConfig } from '../../../gateway/config.ts';
import { SETTINGS } from '../../../gateway/settings.ts';

describe('settings', () => {
  it('start without any, for a user with nothing but Node', () => {
    const config = readConfig({});
    expect(config).toMatchObject({
      PORT: 4000,
      HOST: '127.0.0.1',
      DATA_DIR: '.omniquant',
      GRAPHIQL: true,
      DEMO: true,
    });
    expect(config.DATABASE_URL).toBeUndefined();
  });

  it('count an empty value as not set', () => {
    expect(readConfig({ PORT: '', REDIS_URL: '' })).toMatchObject({ PORT: 4000 });
  });

  it.each([
    ['PORT', '70000'],
    ['PORT', 'http'],
    ['NODE_ENV', 'prod'],
    ['DATABASE_URL', 'mysql://localhost/x'],
    ['REDIS_URL', 'localhost:6379'],
    ['VENUE_SPEED', '0'],
    ['GRAPHIQL', 'perhaps'],
    ['ENCRYPTION_KEY', 'abc'],
    ['LOG_LEVEL', 'loud'],
  ])('name the one that is wrong, in one line: %s=%s', (name, value) => {
    const read = () => readConfig({ [name]: value });
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(new RegExp(`^${name} [^\\n]+$`));
  });

  it('do not show a secret in the message about it', () => {
    expect(() => readConfig({ ENCRYPTION_KEY: 'hunter2' })).toThrow(/^(?!.*hunter2)/);
  });

  it('ask for the shared secrets in production on a database of its own', () => {
    expect(() => readConfig({ NODE_ENV: 'production', DATABASE_URL: 'postgres://h/db' })).toThrow(
      /^INTERNAL_SECRET is missing/,
    );
  });

  it('ask for a mail server where addresses must be proven', () => {
    expect(() => readConfig({ REQUIRE_EMAIL_VERIFICATION: 'true' })).toThrow(/^SMTP_URL is missing/);
    const mail = { SMTP_URL: 'smtp://mail.example.com:25', MAIL_FROM: 'gateway@example.com' };
    expect(readConfig({ REQUIRE_EMAIL_VERIFICATION: 'true', ...mail })).toMatchObject(mail);
  });

  it('close what is for development in production', () => {
    expect(readConfig({ NODE_ENV: 'production' })).toMatchObject({ GRAPHIQL: false, DEMO: false });
    expect(readConfig({ NODE_ENV: 'production', GRAPHIQL: 'true' })).toMatchObject({ GRAPHIQL: true });
  });

  it('take networks of proxies, and nothing that is none', () => {
    const TRUSTED_PROXIES = '10.0.0.0/8, 192.168.1.7,fd00::/8';
    expect(readConfig({ TRUSTED_PROXIES }).TRUSTED_PROXIES).toEqual([
      '10.0.0.0/8',
      '192.168.1.7',
      'fd00::/8',
    ]);
    for (const wrong of ['nginx', '10.0.0.0/33', '10.0.0/8', '10.0.0.0/8/8', '10.0.0.0/']) {
      expect(() => readConfig({ TRUSTED_PROXIES: wrong })).toThrow(/^TRUSTED_PROXIES /);
    }
  });

  it('refuse failpoints outside tests', () => {
    expect(() => readConfig({ FAILPOINT: 'journal.before-append' })).toThrow(/^FAILPOINT /);
    expect(readConfig({ FAILPOINT: 'journal.before-append', NODE_ENV: 'test' }).FAILPOINT).toBeDefined();
  });

  it('are all in .env.example, as the table has them', () => {
    expect(readFileSync(new URL('../../../.env.example', import.meta.url), 'utf8')).toBe(envExample());
  });

  it('show defaults in .env.example that are the real ones', () => {
    const shown = Object.fromEntries(
      Object.entries(SETTINGS)
        .filter(([, { example }]) => example !== '')
        .map(([name, { example }]) => [name, example]),
    );
    const { variable: _, ...defaults } = readConfig({});
    expect(readConfig(shown)).toMatchObject(defaults);
  });
});
