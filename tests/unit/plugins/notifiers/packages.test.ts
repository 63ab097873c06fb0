import { readFileSync } from 'node:fs';

import { describe, expect, it } from '@jest/globals';
import emailPlugin from '@omniquant/notifier-email';
import pagerdutyPlugin from '@omniquant/notifier-pagerduty';
import slackPlugin from '@omniquant/notifier-slack';
import webhookPlugin from '@omniquant/notifier-webhook';
import { API_VERSION, isPlugin, type NotifierDefinition, type Plugin } from '@omniquant/plugin-sdk';
import { satisfies } from 'semver';

const PLUGINS: readonly (readonly [id: string, plugin: Plugin])[] = [
  ['email', emailPlugin],
  ['pagerduty', pagerdutyPlugin],
  ['slack', slackPlugin],
  ['webhook', webhookPlugin],
];

describe.each(PLUGINS)('the package of %s', (id, plugin) => {
  const folder = new URL(`../../../../plugins/notifier-${id}/`, import.meta.url);
  const [extension] = plugin.extensions as unknown as readonly [NotifierDefinition];

  it('is a plugin with one notifier, of its package’s name and version, for this contract', () => {
    const { name, version } = JSON.parse(readFileSync(new URL('package.json', folder), 'utf8')) as Plugin;
    expect(isPlugin(plugin)).toBe(true);
    expect(plugin).toMatchObject({ name, version, extensions: [{ kind: 'notifier', id }] });
    expect(plugin.extensions).toHaveLength(1);
    expect(satisfies(API_VERSION, plugin.api)).toBe(true);
    expect(extension.permissions).toEqual(['network', 'secrets']);
  });

  it('documents each option and each secret', () => {
    const readme = readFileSync(new URL('README.md', folder), 'utf8');
    for (const { properties } of [extension.config, extension.secrets!] as unknown as {
      properties: Record<string, unknown>;
    }[]) {
      for (const [name, schema] of Object.entries(properties)) {
        expect(readme).toContain(`| \`${name}\``);
        expect(schema).toMatchObject({ description: expect.stringMatching(/\S/) });
      }
    }
  });
});
