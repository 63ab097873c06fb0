import { expect, it } from '@jest/globals';

import { isPrivateAddress, refusePrivateHosts } from '../../../../gateway/notifications/private-hosts.ts';

it.each([
  ['127.0.0.1', true],
  ['10.1.2.3', true],
  ['172.31.255.255', true],
  ['172.32.0.1', false],
  ['192.168.1.1', true],
  ['169.254.169.254', true],
  ['100.64.0.1', true],
  ['0.0.0.0', true],
  ['8.8.8.8', false],
  ['::1', true],
  ['::', true],
  ['::ffff:127.0.0.1', true],
  ['::ffff:8.8.8.8', false],
  ['fd00::1', true],
  ['fe80::1', true],
  ['2606:4700::1111', false],
])('%s is private: %s', (address, expected) => {
  expect(isPrivateAddress(address)).toBe(expected);
});

const names: Readonly<Record<string, readonly string[]>> = {
  'hooks.example.com': ['93.184.216.34'],
  'inside.example.com': ['93.184.216.34', '10.0.0.5'],
  '169.254.169.254': ['169.254.169.254'],
  '::1': ['::1'],
};
const resolve = (host: string): Promise<readonly string[]> => {
  const found = names[host];
  return found === undefined ? Promise.reject(new Error('ENOTFOUND')) : Promise.resolve(found);
};

it.each([
  { config: { url: 'http://169.254.169.254/latest/meta-data' } },
  {
    config: { url: 'https://hooks.example.com' },
    secrets: { smtpUrl: ' smtp://u:p@inside.example.com:25 ' },
  },
  { config: { deep: { list: ['x', 'http://[::1]:5432'] } } },
])('refuses %j', async (settings) => {
  await expect(refusePrivateHosts(settings, resolve)).rejects.toMatchObject({ code: 'REJECTED' });
});

it('lets through what is outside, and tries again what it cannot look up', async () => {
  const outside = { config: { url: 'https://hooks.example.com/x', minSeverity: 'INFO', timeoutMs: 5 } };
  await refusePrivateHosts(outside, resolve);
  const unknown = refusePrivateHosts({ url: 'https://gone.example.com' }, resolve);
  await expect(unknown).rejects.toMatchObject({ code: 'UNREACHABLE' });
});
